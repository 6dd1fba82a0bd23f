using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Data.Examples;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Text;
using Proxima.Text.Templates;
using static TorchSharp.torch;

namespace Proxima.Cli.Answers;

/// <summary>What a model folder says of how it is asked and when it stops; read before any weight is.</summary>
internal sealed record AnsweringModel
{
    public required string Folder { get; init; }

    public required Tokenizer Tokenizer { get; init; }

    public required DialogueEncoder Encoder { get; init; }

    /// <summary>The settings with the lengths that the model allows.</summary>
    public required SamplingSettings Sampling { get; init; }

    /// <summary>Ids that end a response.</summary>
    public required IReadOnlyList<int> StopTokenIds { get; init; }

    /// <summary>Reads the folder.</summary>
    /// <param name="key">the argument that names it</param>
    /// <param name="folder">a Hugging Face folder</param>
    /// <param name="sampling">the settings as written</param>
    /// <param name="written">names of the arguments that the user wrote</param>
    /// <exception cref="ProximaException">something is missing or wrong</exception>
    public static AnsweringModel Read(string key, string folder, SamplingSettings sampling, IReadOnlySet<string> written)
    {
        if (!Directory.Exists(folder))
        {
            throw new ProximaException(
                ExitCode.Data, $"{key} = {folder}: there is no such folder. Expected a local Hugging Face folder; models are not downloaded.");
        }

        ModelConfig config = ModelConfig.Load(folder);
        Tokenizer tokenizer = Tokenizer.Load(folder);
        DialogueEncoder encoder = DialogueEncoder.Create(tokenizer, ChatTemplate.Load(folder), ReplyEnding.None);
        return new AnsweringModel
        {
            Folder = folder,
            Tokenizer = tokenizer,
            Encoder = encoder,
            Sampling = SequenceLengths.Resolve(
                written.Contains("max_dec_len") ? sampling : WithRoomForPrompts(sampling, config.MaxPositions), written.Contains("max_seq_len"), config.MaxPositions),
            StopTokenIds = sampling.StopTokenIds ?? [.. config.EosTokenIds.Union(encoder.StopIds).Order()],
        };
    }

    /// <summary>Ids of the prompt of a dialogue, cut to max_prompt_len.</summary>
    public EncodedPrompt Encode(Data.Dialogues.Dialogue dialogue) => Encoder.EncodePrompt(dialogue, Sampling.MaxPromptLen!.Value);

    /// <summary>Loads the weights.</summary>
    public CausalLanguageModel Load() => ModelFolder.LoadCausal(Folder, ScalarType.Float32);

    /// <summary>How one answer is sampled.</summary>
    public SamplingOptions Options() => Training.RolloutWorker.Options(Sampling, StopTokenIds);

    /// <summary>The default of max_dec_len takes at most half of the positions, so that a small model answers without a setting.</summary>
    private static SamplingSettings WithRoomForPrompts(SamplingSettings sampling, int positions) =>
        sampling with { MaxDecLen = Math.Max(sampling.MinDecLen, Math.Min(sampling.MaxDecLen, Math.Min(sampling.MaxSeqLen, positions) / 2)) };
}
