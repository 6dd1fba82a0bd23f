// Writes tests/goldens/tokenizers/components.json.gz: single components of a tokenizer.json, run by the official library.
//
//   npm install --no-save tokenizers@0.23.2      (the library's own Node binding; has its Rust core in it)
//   node tokenizer_components.mjs OUTPUT_FILE
//
// Each case is a whole tokenizer whose word-level vocabulary holds every piece that the texts give, so that the ids show
// where the library cuts and what it writes. The same versions give the same bytes.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const { Tokenizer } = createRequire(process.cwd() + '/')('tokenizers');

const corpus = JSON.parse(readFileSync(new URL('../../tests/goldens/tokenizers/corpus.json', import.meta.url)));
const texts = [
  '', ' ', '  a', 'a  b', ' a b ', 'a,b;;c!!', '12 345½Ⅳ6', "don't I'LL 'ſabc", '\ta\r\n\nb\u0085c\u2028d', '▁a ▁▁b▁',
  'é e\u0301 Å ﬁ ①', 'İstanbul ΑΣ', '\u200b\ufeffx\u200d', '你好，世界。ab', '👍🏽 a👨‍👩‍👧b', 'xxabxxabyx', 'aXbX', 'XXaXX', '\u0301a', '\u0301 a',
  'hello <x> world<y>!', ' <x> a<x>b <x>', 'a<y>b <y> _<y>', 'HELLO hello', ...corpus.slice(0, 60).map(entry => entry.s),
];

const behaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];
const split = (pattern, behavior, invert) => ({ pre_tokenizer: { type: 'Split', pattern, behavior, invert } });
const metaspace = (prepend_scheme, split) => ({ type: 'Metaspace', replacement: '▁', prepend_scheme, split });
const token = (content, flags) => ({
  id: 0, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false, ...flags,
});

const cases = [
  ...behaviors.flatMap(b => [false, true].map(invert => split({ Regex: 'X|ab' }, b, invert))),
  ...behaviors.map(b => split({ String: 'x' }, b, false)),
  ...behaviors.map(behavior => ({ pre_tokenizer: { type: 'Punctuation', behavior } })),
  ...[
    '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+', '(?i:\'s|\'ll|\'t)', '[^\\s\\p{L}]+', '\\p{Lu}\\p{Ll}*', '[a-c&&[^b]]+', '\\w+|[^\\w\\s]+',
    '\\d{1,2}', 'a++|b?+', '(a|ab)(c|bcd)?', 'x*?y|a', '.+$', '\\p{P}|\\p{S}', '[\\x{4e00}-\\x{9fff}]',
  ].map(regex => split({ Regex: regex }, 'Isolated', false)),
  ...[false, true].map(individual_digits => ({ pre_tokenizer: { type: 'Digits', individual_digits } })),
  ...['always', 'first', 'never'].flatMap(s => [false, true].map(cut => ({ pre_tokenizer: metaspace(s, cut) }))),
  { pre_tokenizer: { type: 'Whitespace' } },
  { pre_tokenizer: { type: 'WhitespaceSplit' } },
  { pre_tokenizer: { type: 'BertPreTokenizer' } },
  { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true } },
  { pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace('first', true)] } },
  { pre_tokenizer: { type: 'Sequence', pretokenizers: [
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }, { type: 'Digits', individual_digits: true }] } },
  ...['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents'].map(type => ({ normalizer: { type } })),
  ...[[true, true], [true, false], [false, true]].map(([strip_left, strip_right]) => ({
    normalizer: { type: 'Strip', strip_left, strip_right }, pre_tokenizer: metaspace('first', true) })),
  { normalizer: { type: 'Replace', pattern: { Regex: '\\s{2,}|x' }, content: '' }, pre_tokenizer: metaspace('first', true) },
  { normalizer: { type: 'Replace', pattern: { String: 'a' }, content: 'bb' } },
  { normalizer: { type: 'Prepend', prepend: '▁' }, pre_tokenizer: metaspace('first', true) },
  ...[[true, true, null, true], [true, false, null, false], [false, true, true, false], [true, true, false, true]].map(
    ([clean_text, handle_chinese_chars, strip_accents, lowercase]) => ({
      normalizer: { type: 'BertNormalizer', clean_text, handle_chinese_chars, strip_accents, lowercase },
      pre_tokenizer: metaspace('first', true) })),
  ...[{}, { lstrip: true }, { rstrip: true }, { single_word: true }, { lstrip: true, rstrip: true, single_word: true }].map(flags => ({
    added_tokens: [token('<x>', flags), token('<y>', flags), token('world', { ...flags, special: true })] })),
  { normalizer: { type: 'Lowercase' }, added_tokens: [token('Hello', { normalized: true }), token('HELLO', {})],
    pre_tokenizer: { type: 'WhitespaceSplit' } },
];

function load(entry, vocab) {
  return Tokenizer.fromString(JSON.stringify({
    version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null,
    post_processor: null, decoder: null, ...entry, model: { type: 'WordLevel', vocab, unk_token: '[UNK]' } }));
}

/** The pieces of a text: every stretch of it that is no added token, normalised and cut. */
function pieces(entry, text) {
  const tokenizer = load({ ...entry, added_tokens: [] }, { '[UNK]': 0 });
  const stretches = [text, ...text.split(/<x>|<y>|world|Hello|HELLO/i), ...text.split(/\s*(?:<x>|<y>|world|Hello|HELLO)\s*/i)];
  return stretches.flatMap(stretch => {
    const normal = entry.normalizer ? tokenizer.getNormalizer().normalizeString(stretch) : stretch;
    return entry.pre_tokenizer ? tokenizer.getPreTokenizer().preTokenizeString(normal).map(([piece]) => piece) : [normal];
  });
}

const written = [];
for (const entry of cases) {
  const vocab = { '[UNK]': 0 };
  for (const piece of texts.flatMap(text => pieces(entry, text))) {
    vocab[piece] ??= Object.keys(vocab).length;
  }

  let next = Object.keys(vocab).length;
  const added = (entry.added_tokens ?? []).map(t => ({ ...t, id: vocab[t.content] ?? next++ }));
  const tokenizer = load({ ...entry, added_tokens: added }, vocab);
  const ids = [];
  for (const text of texts) {
    ids.push((await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds());
  }

  written.push({ ...entry, added_tokens: added, vocab, ids });
}

writeFileSync(process.argv[2], gzipSync(JSON.stringify({ library: 'tokenizers 0.23.2 (npm)', texts, cases: written }), { level: 9 }));
console.log(`${written.length} cases, ${texts.length} texts`);
