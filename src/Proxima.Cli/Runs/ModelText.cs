using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Text;
using Proxima.Text.Templates;
using Proxima.Training;

namespace Proxima.Cli.Runs;

/// <summary>
/// How a model that answers reads and writes: its tokenizer, chat template and vocabulary, with the lengths that it allows. Read before
/// any weight is.
/// </summary>
internal sealed class ModelText
{
    private readonly ModelConfig _config;
    private readonly ChatTemplate? _template;
    private readonly DialogueEncoder _prompts;
    private DialogueEncoder? _examples;

    /// <param name="folder">a Hugging Face folder</param>
    /// <param name="config">its config.json</param>
    /// <param name="sampling">lengths and stops as they were asked for</param>
    /// <param name="isMaxSeqLenWritten">whether max_seq_len is the user's</param>
    /// <exception cref="ProximaException">a file is missing or wrong, the lengths do not fit the model, or a stop id is none of its tokens</exception>
    public ModelText(string folder, ModelConfig config, SamplingSettings sampling, bool isMaxSeqLenWritten)
    {
        Folder = folder;
        _config = config;
        Tokenizer = Tokenizer.Load(folder);
        _template = ChatTemplate.Load(folder);
        _prompts = DialogueEncoder.Create(Tokenizer, _template, ReplyEnding.None);
        Sampling = SequenceLengths.Resolve(sampling, isMaxSeqLenWritten, _config.MaxPositions);
        Ends = StopCriteria.Of(Sampling, StopTokenIds(), Tokenizer);
    }

    public string Folder { get; }

    public Tokenizer Tokenizer { get; }

    /// <summary>The chat template; null: the plain format.</summary>
    public ChatTemplate? Template => _template;

    /// <summary>The settings with the lengths that the model decides.</summary>
    public SamplingSettings Sampling { get; }

    /// <summary>Tokens that the model reads and writes.</summary>
    public int TokenCount => Math.Min(_config.VocabularySize, Tokenizer.VocabularySize);

    /// <summary>What ends a response.</summary>
    public StopCriteria Ends { get; }

    /// <summary>What stands behind a reply that is trained or scored.</summary>
    public ReplyEnding Ending => Sampling.IgnoreEos ? ReplyEnding.None : ReplyEnding.EndOfTurn;

    /// <summary>Lines to print once.</summary>
    public IEnumerable<string> Notes => [.. Tokenizer.Notes, .. _prompts.Notes.Union(_examples?.Notes ?? [])];

    /// <summary>A dialogue as a prompt of at most max_prompt_len tokens.</summary>
    public Prompt EncodePrompt(Dialogue dialogue) => new(dialogue, Encode(dialogue).Ids);

    /// <summary>The same, with what was cut.</summary>
    public EncodedPrompt Encode(Dialogue dialogue)
    {
        EncodedPrompt prompt = _prompts.EncodePrompt(dialogue, Sampling.MaxPromptLen!.Value);
        RequireKnown(dialogue, prompt.Ids, Folder, _config);
        return prompt;
    }

    /// <summary>The dialogues that each give one supervised example, so that every reply is trained once.</summary>
    public IReadOnlyList<Dialogue> Expand(Dialogue dialogue) => Examples().Expand(dialogue);

    /// <summary>A dialogue with its replies as an example of at most max_seq_len tokens.</summary>
    public EncodedExample EncodeExample(Dialogue dialogue)
    {
        EncodedExample example = Examples().EncodeExample(dialogue, Sampling.MaxSeqLen);
        RequireKnown(dialogue, example.Ids, Folder, _config);
        return example;
    }

    /// <summary>Whether every id of this model is the same token of another tokenizer.</summary>
    public bool NumbersTokensLike(Tokenizer other) =>
        Enumerable.Range(0, Math.Max(Tokenizer.VocabularySize, other.VocabularySize))
            .All(id => Tokenizer.IdToToken(id) is not { } token || token == other.IdToToken(id));

    /// <summary>Whether a model folder says how it numbers tokens; one that does not is taken to do it as the model that answers does.</summary>
    public static bool HasTokenizer(string folder) =>
        File.Exists(Path.Combine(folder, "tokenizer.json")) || File.Exists(Path.Combine(folder, "tokenizer.model"));

    /// <summary>Ids that a model has an embedding for.</summary>
    /// <param name="dialogue">what was encoded</param>
    /// <param name="ids">its ids, at least one</param>
    /// <param name="folder">the model's folder</param>
    /// <param name="config">its config.json</param>
    /// <exception cref="ProximaException">tokenizer and weights do not fit</exception>
    public static void RequireKnown(Dialogue dialogue, int[] ids, string folder, ModelConfig config)
    {
        int highest = ids.Max();
        if (highest >= config.VocabularySize)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{dialogue.Origin}: the tokenizer of {folder} gives the id {highest}, but its vocabulary has {config.VocabularySize} tokens. "
                + "Tokenizer and weights do not belong together; take both from one model.");
        }
    }

    private DialogueEncoder Examples() => _examples ??= DialogueEncoder.Create(Tokenizer, _template, Ending);

    /// <summary>stop_token_ids, else the ids that the model and its chat template end with.</summary>
    private IReadOnlyList<int> StopTokenIds()
    {
        IReadOnlyList<int> ids = Sampling.StopTokenIds ?? [.. _config.EosTokenIds.Union(_prompts.StopIds).Order()];
        int highest = ids.DefaultIfEmpty().Max();
        if (highest < _config.VocabularySize)
        {
            return ids;
        }

        throw Sampling.StopTokenIds is null
            ? new ProximaException(
                ExitCode.Data,
                $"{Folder} ends its responses with the id {highest}, but its vocabulary has {_config.VocabularySize} tokens. Correct its eos_token_id, or give stop_token_ids.")
            : new ProximaException(
                ExitCode.Usage,
                $"stop_token_ids = {string.Join(",", ids)}: {highest} is outside the vocabulary of {Folder}. Expected ids below {_config.VocabularySize}; correct it.");
    }
}
