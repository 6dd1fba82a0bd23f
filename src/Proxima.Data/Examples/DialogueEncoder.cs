using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Text;
using Proxima.Text.Markup;

namespace Proxima.Data.Examples;

/// <summary>
/// Dialogues → tokens. A reply follows the prompt's tokens directly, encoded without special tokens, then comes its end.
/// </summary>
public sealed class DialogueEncoder
{
    private readonly Tokenizer _tokenizer;
    private readonly IPromptFormat _format;
    private readonly PromptFitter _fitter;

    private DialogueEncoder(Tokenizer tokenizer, IPromptFormat format)
    {
        _tokenizer = tokenizer;
        _format = format;
        _fitter = new PromptFitter(format);
    }

    /// <summary>Dialogues in the plain format: turns joined by a newline, no role words.</summary>
    /// <param name="tokenizer">of the model that reads the tokens</param>
    /// <param name="ending">what stands behind a reply</param>
    /// <exception cref="ProximaException">replies are to end, and the tokenizer has no end of sequence</exception>
    public static DialogueEncoder Create(Tokenizer tokenizer, ReplyEnding ending) =>
        new(tokenizer, new PlainFormat(tokenizer, ending == ReplyEnding.None ? [] : [EndOfSequence(tokenizer)]));

    /// <summary>The prompt of a dialogue, cut to fit.</summary>
    /// <param name="dialogue">user turns and the replies to all but the last</param>
    /// <param name="maxPromptTokens">tokens at most, special tokens included</param>
    /// <exception cref="ProximaException">there is no room for any of the last user turn</exception>
    public EncodedPrompt EncodePrompt(Dialogue dialogue, int maxPromptTokens) => _fitter.Fit(dialogue, maxPromptTokens);

    /// <summary>The dialogues that each give one training example, so that every reply is trained once.</summary>
    /// <param name="dialogue">user turns with all their replies</param>
    public IReadOnlyList<Dialogue> Expand(Dialogue dialogue) => _format.Expand(dialogue);

    /// <summary>A training example: the last reply is what is learned.</summary>
    /// <param name="dialogue">user turns with all their replies, as <see cref="Expand"/> gives them</param>
    /// <param name="maxTokens">tokens at most</param>
    /// <exception cref="ProximaException">there is no room for any of the last user turn</exception>
    public EncodedExample EncodeExample(Dialogue dialogue, int maxTokens) =>
        EncodeReplies(dialogue, [dialogue.Tgt[dialogue.Src.Count - 1]], maxTokens)[0];

    /// <summary>The candidates of a preference line, each behind the same prompt.</summary>
    /// <exception cref="ProximaException">there is no room for any of the last user turn</exception>
    public IReadOnlyList<EncodedExample> EncodeResponses(Dialogue dialogue, int maxTokens) =>
        EncodeReplies(dialogue, dialogue.Response ?? throw new ArgumentException("expected preference data", nameof(dialogue)), maxTokens);

    /// <summary>
    /// Replies to a prompt, each behind the same prompt tokens. Where prompt and replies do not fit together, history goes
    /// first; then the last user turn and the longest reply may each keep at least half of the room.
    /// </summary>
    /// <param name="dialogue">user turns and the replies to all but the last</param>
    /// <param name="replies">what might be answered to the last user turn</param>
    /// <param name="maxTokens">tokens of prompt and reply together at most</param>
    /// <exception cref="ProximaException">there is no room for any of the last user turn</exception>
    public IReadOnlyList<EncodedExample> EncodeReplies(Dialogue dialogue, IReadOnlyList<string> replies, int maxTokens)
    {
        int[][] whole = [.. replies.Select(reply => (int[])[.. _tokenizer.Encode(reply), .. _format.EndOfReply])];
        int longest = whole.Max(ids => ids.Length);
        int room = Math.Max(maxTokens - _fitter.LengthWithoutHistory(dialogue), maxTokens / 2);
        EncodedPrompt prompt = _fitter.Fit(dialogue, maxTokens - Math.Min(longest, room));
        int left = maxTokens - prompt.Ids.Length;
        return
        [
            .. replies.Select((reply, i) => whole[i].Length <= left
                ? Join(prompt, whole[i], replyCut: false)
                : Join(prompt, CutReply(reply, left), replyCut: true)),
        ];
    }

    private int[] CutReply(string reply, int maxTokens)
    {
        string kept = MarkupTruncation.KeepBeginning(reply, beginning => _tokenizer.Encode(beginning).Length <= maxTokens);
        return kept.Length > 0 ? _tokenizer.Encode(kept) : [];
    }

    private static EncodedExample Join(EncodedPrompt prompt, int[] reply, bool replyCut)
    {
        bool[] mask = new bool[prompt.Ids.Length + reply.Length];
        mask.AsSpan(prompt.Ids.Length).Fill(true);
        return new EncodedExample
        {
            Ids = [.. prompt.Ids, .. reply],
            LossMask = mask,
            DroppedTurns = prompt.DroppedTurns,
            LastTurnCut = prompt.LastTurnCut,
            ReplyCut = replyCut,
        };
    }

    private static int EndOfSequence(Tokenizer tokenizer) =>
        tokenizer.EosId ?? throw new ProximaException(
            ExitCode.Data,
            "the tokenizer names no eos_token, so replies have no end. Expected one in tokenizer_config.json; add it or set ignore_eos true.");
}
