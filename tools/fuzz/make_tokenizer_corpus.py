#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets tokenizer_json and sentencepiece.

    python3 make_tokenizer_corpus.py tests/fuzz

Small valid files of each kind, and the same with one thing wrong: by hand where the fault has a name, by mutation with a
fixed seed for the rest. Only the standard library is used; the same script gives the same bytes.
"""
import copy
import json
import os
import random
import struct
import sys

LETTERS = ["<unk>", "<s>", "</s>", "▁", "a", "b", "c", " ", "T", "h", "e", "ab", "th", "the", "▁a", "Ġ", "Ġa", "你"]
FLAGS = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}


def bpe(**extra):
    return {"type": "BPE", "unk_token": "<unk>", "vocab": {t: i for i, t in enumerate(LETTERS)},
            "merges": [["a", "b"], ["▁", "a"], ["Ġ", "a"]], **extra}


def unigram(**extra):
    return {"type": "Unigram", "unk_id": 0, "vocab": [[t, -float(i)] for i, t in enumerate(LETTERS)], **extra}


def word_piece(**extra):
    return {"type": "WordPiece", "unk_token": "<unk>", "vocab": {**{t: i for i, t in enumerate(LETTERS)}, "##b": 90, "##": 91}, **extra}


def token(content, ident=1, **flags):
    return {"id": ident, "content": content, **FLAGS, **flags}


def split(regex, behavior="Isolated"):
    return {"type": "Split", "pattern": {"Regex": regex}, "behavior": behavior, "invert": False}


BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": True, "use_regex": True}
METASPACE = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": True}
TEMPLATE = {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}],
            "special_tokens": {"<s>": {"ids": [1]}}}

VALID = {
    "bpe_byte_level": {"model": bpe(), "pre_tokenizer": BYTE_LEVEL, "decoder": BYTE_LEVEL, "post_processor": TEMPLATE,
                       "added_tokens": [token("<s>"), token("</s>", 2, lstrip=True, rstrip=True)]},
    "bpe_byte_fallback": {"model": bpe(byte_fallback=True, fuse_unk=True),
                          "normalizer": {"type": "Sequence", "normalizers": [
                              {"type": "Prepend", "prepend": "▁"},
                              {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
                          "decoder": {"type": "Sequence", "decoders": [
                              {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
                              {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}},
    "unigram": {"model": unigram(), "pre_tokenizer": METASPACE, "decoder": METASPACE,
                "normalizer": {"type": "Sequence", "normalizers": [{"type": t} for t in ("NFKD", "StripAccents", "Lowercase")]}},
    "word_piece": {"model": word_piece(), "normalizer": {"type": "BertNormalizer"}, "pre_tokenizer": {"type": "BertPreTokenizer"},
                   "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
                   "post_processor": {"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1]}},
    "word_level": {"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}, "pre_tokenizer": {"type": "Whitespace"}},
    "split": {"model": bpe(ignore_merges=True), "pre_tokenizer": split("(?i:'s)|\\p{L}+(?!\\S)|[^\\s\\p{L}]+|\\s+")},
}

HOSTILE = {
    "model_missing": {}, "model_null": {"model": None}, "model_array": {"model": []}, "model_type_number": {"model": {"type": 5}},
    "vocab_array": {"model": bpe(vocab=[])}, "vocab_id_negative": {"model": bpe(vocab={"a": -1}, merges=[])},
    "vocab_id_huge": {"model": bpe(vocab={"a": 4294967295}, merges=[])}, "vocab_id_fraction": {"model": bpe(vocab={"a": 0.5}, merges=[])},
    "vocab_empty": {"model": bpe(vocab={}, merges=[])}, "vocab_same_id": {"model": bpe(vocab={"a": 0, "b": 0}, merges=[])},
    "merge_of_one": {"model": bpe(merges=["ab"])}, "merge_of_three": {"model": bpe(merges=[["a", "b", "c"]])},
    "merge_unknown_part": {"model": bpe(merges=[["a", "zz"]])}, "merge_unknown_result": {"model": bpe(merges=[["b", "a"]])},
    "merge_number": {"model": bpe(merges=[7])}, "merge_twice": {"model": bpe(merges=["a b", "a b", "#version: 1 x"])},
    "merge_to_itself": {"model": bpe(vocab={"": 0, "a": 1}, merges=[["", "a"], ["a", ""], ["", ""]])},
    "prefix_longer_than_token": {"model": bpe(continuing_subword_prefix="####")}, "suffix": {"model": bpe(end_of_word_suffix="</w>")},
    "unigram_unk_out_of_range": {"model": unigram(unk_id=99)}, "unigram_no_unk": {"model": unigram(unk_id=None)},
    "unigram_empty": {"model": unigram(vocab=[], unk_id=None)}, "unigram_empty_unk": {"model": unigram(vocab=[])},
    "unigram_empty_token": {"model": unigram(vocab=[["", 0.0], ["a", 0.0]])}, "unigram_bytes": {"model": unigram(byte_fallback=True)},
    "unigram_score_text": {"model": unigram(vocab=[["a", "b"]])}, "unigram_long_token": {"model": unigram(vocab=[["a" * 2000, 0.0]])},
    "unigram_equal_scores": {"model": unigram(vocab=[["<unk>", 0.0]] + [["a" * i, 0.0] for i in range(1, 9)])},
    "word_piece_long_words": {"model": word_piece(max_input_chars_per_word=2147483647)},
    "word_piece_no_unk": {"model": word_piece(unk_token="none")}, "word_piece_empty_prefix": {"model": word_piece(continuing_subword_prefix="")},
    "added_empty": {"model": bpe(), "added_tokens": [token("")]}, "added_no_id": {"model": bpe(), "added_tokens": [{"content": "x"}]},
    "added_long": {"model": bpe(), "added_tokens": [token("x" * 600)]}, "added_twice": {"model": bpe(), "added_tokens": [token("x", 50), token("x", 51, special=False)]},
    "added_spaces": {"model": bpe(), "added_tokens": [token(" ", 50, lstrip=True, rstrip=True), token("  ", 51), token("\n", 52, rstrip=True)]},
    "added_normalized_away": {"model": bpe(), "normalizer": {"type": "Strip"}, "added_tokens": [token(" ", 50, normalized=True)]},
    "normalizer_unknown": {"model": bpe(), "normalizer": {"type": "X"}}, "normalizer_no_type": {"model": bpe(), "normalizer": {}},
    "normalizer_text": {"model": bpe(), "normalizer": "NFC"}, "precompiled_no_base64": {"model": bpe(), "normalizer": {"type": "Precompiled", "precompiled_charsmap": "***"}},
    "precompiled_empty": {"model": bpe(), "normalizer": {"type": "Precompiled", "precompiled_charsmap": ""}},
    "precompiled_cycle": {"model": bpe(), "normalizer": {"type": "Precompiled", "precompiled_charsmap": "BAAAAAAAAAA="}},
    "precompiled_far": {"model": bpe(), "normalizer": {"type": "Precompiled", "precompiled_charsmap": "CAAAAP////////8/YQA="}},
    "pre_sequence_number": {"model": bpe(), "pre_tokenizer": {"type": "Sequence", "pretokenizers": [1]}},
    "metaspace_two": {"model": bpe(), "pre_tokenizer": {"type": "Metaspace", "replacement": "ab"}},
    "metaspace_scheme": {"model": bpe(), "pre_tokenizer": {**METASPACE, "prepend_scheme": "last"}},
    "split_behavior": {"model": bpe(), "pre_tokenizer": split("a", "Kept")}, "split_no_pattern": {"model": bpe(), "pre_tokenizer": {"type": "Split"}},
    "bytes_twice": {"model": bpe(), "pre_tokenizer": {"type": "Sequence", "pretokenizers": [BYTE_LEVEL, BYTE_LEVEL]}, "decoder": {"type": "Sequence", "decoders": [BYTE_LEVEL, BYTE_LEVEL]}},
    "fuse_then_all": {"model": bpe(), "decoder": {"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "ByteFallback"}, METASPACE, {"type": "WordPiece", "prefix": "##", "cleanup": True}, {"type": "Strip", "content": "a", "start": 3, "stop": 5}, BYTE_LEVEL]}},
    "strip_negative": {"model": bpe(), "decoder": {"type": "Strip", "content": " ", "start": -1, "stop": 0}},
    "template_unknown": {"model": bpe(), "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "?"}}], "special_tokens": {}}},
    "template_b": {"model": bpe(), "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "B"}}], "special_tokens": {}}},
    "bert_no_pair": {"model": bpe(), "post_processor": {"type": "BertProcessing", "sep": [], "cls": ["<s>", 1]}},
}

PATTERNS = [
    "", "(", ")", "[", "[]", "[^]", "a{", "a{2,1}", "a{99999999999}", "a**", "*", "a{1000}{1000}", "(a|b)*a(a|b){14}", "(((((((())))))))*",
    "(a*)*b", "(?<=a)b", "(?>a)", "\\1", "\\", "\\p", "\\p{", "\\p{X}", "\\x{110000}", "\\xg", "\\ud800", "[z-a]", "[a-\\d]", "[[:alpha:]]", "[a&&b&&c]",
    "(?!a|b)c", "(?=ab)", "$", "a$", "^a", "(?i)K|ſ", "[^\\S\\s]", "(|a)+", "a?+b*+c++", "(ab)++", "." * 50, "(" * 300, "[" * 300, "(?:(?:a?){30}){30}",
]

RAW = {
    "empty": b"", "no_json": b"hello", "bom": b"\xef\xbb\xbf{}", "deep": b"[" * 5000, "deep_model": b'{"model":' * 200,
    "half_surrogate": b'{"model":{"type":"BPE","vocab":{"\\ud800":0},"merges":[]}}', "no_utf8": b'{"model":{"type":"BPE\xff"}}',
    "no_utf8_shown": b'{"model":{"type":["\xa2"]}}', "no_utf8_key": b'{"model":{"type":"BPE","vocab":{"\xa2":0},"merges":[]}}',
    "half_surrogate_type": b'{"model":{"type":"\\udc00"}}', "duplicate_keys": b'{"model":1,"model":{"type":"BPE","vocab":{"a":0,"a":1},"merges":[]}}',
    "nul": b'{"model":{"type":"BPE","vocab":{"\\u0000":0,"a":1},"merges":[["a","\\u0000"]]}}', "number": b"1e999",
}


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def piece(text, score, kind):
    return field(1, field(1, text.encode()) + b"\x15" + struct.pack("<f", score) + (b"\x18" + varint(kind) if kind != 1 else b""))


def model(kind, *, trainer=b"", normalizer=b"", bytes_too=False, extra=b""):
    pieces = [piece("<unk>", 0, 2), piece("<s>", 0, 3), piece("</s>", 0, 3), piece("▁▁", 0, 4)]
    if bytes_too:
        pieces += [piece(f"<0x{value:02X}>", 0, 6) for value in range(256)]
    pieces += [piece(t, -float(i), 5 if t == "th" else 1) for i, t in enumerate(LETTERS[3:])]
    return b"".join(pieces) + extra + field(2, b"\x18" + varint(kind) + trainer) + field(3, normalizer)


BYTE_FALLBACK = varint(35 << 3) + b"\x01"
MODELS = {
    "unigram": model(1), "bpe": model(2), "bpe_bytes": model(2, trainer=BYTE_FALLBACK, bytes_too=True),
    "keeps_spaces": model(1, normalizer=b"\x18\x00\x20\x00\x28\x00"), "empty": b"", "word_model": model(3), "bytes_missing": model(1, trainer=BYTE_FALLBACK),
    "no_unknown": piece("a", 0, 1), "two_unknown": piece("a", 0, 2) + piece("b", 0, 2), "piece_type_nine": piece("a", 0, 9) + model(1),
    "empty_piece": model(1, extra=piece("", 0, 1)), "long_piece": model(1, extra=piece("a" * 2000, 0, 1)), "nan_score": model(2, extra=piece("zz", float("nan"), 1)),
    "same_piece_twice": model(2, extra=piece("a", 5, 1) + piece("ab", 9, 1)), "endless_varint": b"\xff" * 20, "length_past_end": b"\x0a\xff\xff\xff\xff\x0f",
    "group_wire_type": b"\x0b\x0c" + model(1), "field_zero": b"\x02\x00", "no_utf8": field(1, field(1, b"\xff\xfe")) + model(1),
    "map_too_short": model(1, normalizer=field(2, b"\x01")), "map_size_lies": model(1, normalizer=field(2, b"\xff\xff\xff\x7f" + b"\0" * 8)),
    "map_cycle": model(1, normalizer=field(2, b"\x04\0\0\0" + b"\0" * 4)), "map_ones": model(2, normalizer=field(2, b"\x08\0\0\0" + b"\xff" * 12)),
    "suffix_spaces": model(1, trainer=varint(24 << 3) + b"\x01"), "denormalizer": model(1) + field(5, field(2, b"abc")), "long_unknown_surface": model(1, trainer=field(44, b"x" * 5000)),
    "infinite_score": model(1, extra=piece("zz", float("inf"), 1)), "user_defined_everywhere": model(2, extra=b"".join(piece(c * n, 0, 4) for c in "abc " for n in (1, 2, 3))),
}


def mutate(content, rng):
    data = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data))
        match rng.randrange(4):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at:at + rng.randint(1, 8)]
            case 2:
                data[at:at] = data[at:at + rng.randint(1, 12)]
            case _:
                del data[at:]
        if not data:
            data = bytearray(b"\0")
    return bytes(data)


def write(folder, name, content):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as out:
        out.write(content)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    rng = random.Random(20240501)
    as_json = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    folder = os.path.join(sys.argv[1], "tokenizer_json")
    texts = {name: as_json(value) for name, value in {**VALID, **HOSTILE}.items()}
    for index, pattern in enumerate(PATTERNS):
        value = copy.deepcopy(VALID["split"])
        value["pre_tokenizer"]["pattern"]["Regex"] = pattern
        texts[f"pattern_{index:02}"] = as_json(value)
    for name, content in {**texts, **RAW}.items():
        write(folder, f"{name}.json", content)
    for index in range(30):
        source = rng.choice(sorted(VALID))
        write(folder, f"mutation_{index:02}.json", mutate(texts[source], rng))

    folder = os.path.join(sys.argv[1], "sentencepiece")
    for name, content in MODELS.items():
        write(folder, f"{name}.model", content)
    for index in range(30):
        source = rng.choice(["unigram", "bpe", "keeps_spaces", "map_ones"])
        write(folder, f"mutation_{index:02}.model", mutate(MODELS[source], rng))


if __name__ == "__main__":
    main()
