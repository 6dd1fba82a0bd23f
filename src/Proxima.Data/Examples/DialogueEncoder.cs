using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Text;
using Proxima.Text.Markup;
using Proxima.Text.Templates;

namespace Proxima.Data.Examples;

/// <summary>
/// Dialogues → tokens: by the model's chat template where it has one, else in the plain format (turns joined by a newline,
/// no role words). A reply follows the prompt's tokens directly, encoded without special tokens, then comes its end.
/// </summary>
public sealed class DialogueEncoder
{
    private readonly Tokenizer _tokenizer;
    private readonly IPromptFormat _format;
    private readonly PromptFitter _fitter;
    private readonly TemplateExamples? _templateExamples;
    private readonly List<string> _notes = [];

    private DialogueEncoder(Tokenizer tokenizer, IPromptFormat format, TemplateExamples? templateExamples, EndOfTurn? endOfTurn)
    {
        _tokenizer = tokenizer;
        _format = format;
        _fitter = new PromptFitter(format);
        _templateExamples = templateExamples;
        EndOfTurn = endOfTurn;
    }

    /// <summary>The token that ends a reply in the model's chat template; null without a template or when it writes none.</summary>
    public EndOfTurn? EndOfTurn { get; }

    /// <summary>Ids that end a response unless the user names others: the tokenizer's end of sequence and the end of turn.</summary>
    public IReadOnlyList<int> StopIds => [.. new[] { _tokenizer.EosId, EndOfTurn?.Id }.OfType<int>().Distinct()];

    /// <summary>What is done otherwise than one might expect, one sentence each, to be said once.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The encoder of a model folder: its tokenizer and, where it has one, its chat template.</summary>
    /// <exception cref="ProximaException">the files are wrong, or replies are to end and nothing ends them</exception>
    public static DialogueEncoder Load(string modelFolder, ReplyEnding ending) =>
        Create(Tokenizer.Load(modelFolder), ChatTemplate.Load(modelFolder), ending);

    /// <param name="tokenizer">of the model that reads the tokens</param>
    /// <param name="template">its chat template; null: the plain format</param>
    /// <param name="ending">what stands behind a reply</param>
    /// <exception cref="ProximaException">replies are to end, and neither template nor tokenizer has an end</exception>
    public static DialogueEncoder Create(Tokenizer tokenizer, ChatTemplate? template, ReplyEnding ending)
    {
        EndOfTurn? endOfTurn = template is null ? null : EndOfTurn.Find(template, tokenizer);
        int[] end = ending == ReplyEnding.None ? [] : [endOfTurn?.Id ?? EndOfSequence(tokenizer)];
        if (template is null)
        {
            return new DialogueEncoder(tokenizer, new PlainFormat(tokenizer, end), null, null);
        }

        TemplateFormat format = new(template, tokenizer, end);
        ReplyRegions regions = new(format, endOfTurn, ending);
        TemplateExamples examples = new(tokenizer, format, regions, endOfTurn is null ? end : []);
        DialogueEncoder encoder = new(tokenizer, format, examples, endOfTurn);
        if (endOfTurn is not null && ending == ReplyEnding.EndOfTurn && regions.SpansLeaveOutTheEnd())
        {
            encoder.NoteOnce($"the {{% generation %}} blocks of the chat template leave {endOfTurn.Text} out: supervised training does not teach the model to end its replies");
        }

        return encoder;
    }

    /// <summary>The whole prompt of a dialogue as the text that the model reads.</summary>
    /// <exception cref="ProximaException">the template fails or refuses the dialogue</exception>
    public string RenderPrompt(Dialogue dialogue) => _format.RenderPrompt(dialogue, 0, dialogue.Src[^1]);

    /// <summary>The prompt of a dialogue, cut to fit.</summary>
    /// <param name="dialogue">user turns and the replies to all but the last</param>
    /// <param name="maxPromptTokens">tokens at most, special tokens included</param>
    /// <exception cref="ProximaException">there is no room for any of the last user turn, or the template fails</exception>
    public EncodedPrompt EncodePrompt(Dialogue dialogue, int maxPromptTokens) => _fitter.Fit(dialogue, maxPromptTokens);

    /// <summary>The dialogues that each give one training example, so that every reply is trained once.</summary>
    /// <param name="dialogue">user turns with all their replies</param>
    /// <exception cref="ProximaException">the template fails, or does not tell where the reply stands</exception>
    public IReadOnlyList<Dialogue> Expand(Dialogue dialogue)
    {
        if (_templateExamples is null)
        {
            // The end of a reply is not part of the history that later replies see.
            return dialogue.TrainsLastReplyOnly ? [dialogue] : [.. Enumerable.Range(1, dialogue.Tgt.Count).Select(dialogue.UpToReply)];
        }

        (IReadOnlyList<Dialogue> examples, bool isSplit) = _templateExamples.Expand(dialogue);
        if (isSplit)
        {
            NoteOnce("the chat template writes earlier replies otherwise than the last one: a dialogue of several replies gives one example for each reply");
        }

        return examples;
    }

    /// <summary>A training example: all replies that the template lets tell apart, in the plain format the last one.</summary>
    /// <param name="dialogue">user turns with all their replies, as <see cref="Expand"/> gives them</param>
    /// <param name="maxTokens">tokens at most</param>
    /// <exception cref="ProximaException">there is no room for any of the last user turn, nothing of a reply is left, or the template fails</exception>
    public EncodedExample EncodeExample(Dialogue dialogue, int maxTokens) => WithReply(
        dialogue,
        _templateExamples?.Encode(dialogue, maxTokens) ?? EncodeReplies(dialogue, [dialogue.Tgt[dialogue.Src.Count - 1]], maxTokens)[0]);

    /// <summary>The candidates of a preference line, each behind the same prompt.</summary>
    /// <exception cref="ProximaException">there is no room for any of the last user turn, nothing of a reply is left, or the template fails</exception>
    public IReadOnlyList<EncodedExample> EncodeResponses(Dialogue dialogue, int maxTokens)
    {
        IReadOnlyList<string> responses = dialogue.Response ?? throw new ArgumentException("expected preference data", nameof(dialogue));
        return [.. EncodeReplies(dialogue, responses, maxTokens).Select(example => WithReply(dialogue, example))];
    }

    /// <summary>
    /// Replies to a prompt, each behind the same prompt tokens. Where prompt and replies do not fit together, history goes
    /// first; then the last user turn and the longest reply may each keep at least half of the room.
    /// </summary>
    /// <param name="dialogue">user turns and the replies to all but the last</param>
    /// <param name="replies">what might be answered to the last user turn</param>
    /// <param name="maxTokens">tokens of prompt and reply together at most</param>
    /// <exception cref="ProximaException">there is no room for any of the last user turn, or the template fails</exception>
    public IReadOnlyList<EncodedExample> EncodeReplies(Dialogue dialogue, IReadOnlyList<string> replies, int maxTokens)
    {
        int[][] whole = [.. replies.Select(reply => (int[])[.. _tokenizer.Encode(reply), .. _format.EndOfReply])];
        EncodedPrompt prompt = _fitter.FitBesideReply(dialogue, whole.Max(ids => ids.Length), maxTokens);
        int left = maxTokens - prompt.Ids.Length;
        return
        [
            .. replies.Select((reply, i) => whole[i].Length <= left
                ? EncodedExample.Join(prompt, whole[i], replyCut: false)
                : EncodedExample.Join(prompt, CutReply(reply, left), replyCut: true)),
        ];
    }

    private static EncodedExample WithReply(Dialogue dialogue, EncodedExample example) => example.LossMask.Contains(true)
        ? example
        : throw new ProximaException(
            ExitCode.Data,
            $"{(dialogue.Origin is null ? string.Empty : $"{dialogue.Origin}: ")}a reply gives no token with this tokenizer, or none that fits. "
            + "Expected text that the tokenizer knows and room for its beginning; remove the line or raise max_seq_len.");

    private int[] CutReply(string reply, int maxTokens)
    {
        string kept = MarkupTruncation.KeepBeginning(reply, beginning => _tokenizer.Encode(beginning).Length <= maxTokens);
        return kept.Length > 0 ? _tokenizer.Encode(kept) : [];
    }

    private void NoteOnce(string note)
    {
        if (!_notes.Contains(note))
        {
            _notes.Add(note);
        }
    }

    private static int EndOfSequence(Tokenizer tokenizer) =>
        tokenizer.EosId ?? throw new ProximaException(
            ExitCode.Data,
            "the tokenizer names no eos_token, so replies have no end. Expected one in tokenizer_config.json; add it or set ignore_eos true.");
}
