using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Data.Examples;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Text;
using Proxima.Text.Templates;
using Proxima.Training;
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

    /// <summary>What ends a response.</summary>
    public required StopCriteria Ends { get; init; }

    /// <summary>Reads the folder.</summary>
    /// <param name="key">the argument that names it</param>
    /// <param name="folder">a Hugging Face folder</param>
    /// <param name="sampling">the settings as written</param>
    /// <param name="written">names of the arguments that the user wrote</param>
    /// <exception cref="ProximaException">something is missing or wrong</exception>
    public static AnsweringModel Read(string key, string folder, SamplingSettings sampling, IReadOnlySet<string> written)
    {
        ModelConfig config = ModelConfig.Load(InputFiles.ModelFolder(key, folder));
        Tokenizer tokenizer = Tokenizer.Load(folder);
        DialogueEncoder encoder = DialogueEncoder.Create(tokenizer, ChatTemplate.Load(folder), ReplyEnding.None);
        return new AnsweringModel
        {
            Folder = folder,
            Tokenizer = tokenizer,
            Encoder = encoder,
            Sampling = SequenceLengths.Resolve(
                written.Contains("max_dec_len") ? sampling : WithRoomForPrompts(sampling, config.MaxPositions), written.Contains("max_seq_len"), config.MaxPositions),
            Ends = StopCriteria.Of(sampling, [.. config.EosTokenIds.Union(encoder.StopIds).Order()], tokenizer),
        };
    }

    /// <summary>Ids of the prompt of a dialogue, cut to max_prompt_len.</summary>
    public EncodedPrompt Encode(Data.Dialogues.Dialogue dialogue) => Encoder.EncodePrompt(dialogue, Sampling.MaxPromptLen!.Value);

    /// <summary>Loads the weights.</summary>
    public CausalLanguageModel Load() => ModelFolder.LoadCausal(Folder, ScalarType.Float32);

    /// <summary>How one answer is sampled.</summary>
    public SamplingOptions Options() => RolloutWorker.Options(Sampling, Ends);

    /// <summary>The default of max_dec_len takes at most half of the positions, so that a small model answers without a setting.</summary>
    private static SamplingSettings WithRoomForPrompts(SamplingSettings sampling, int positions) =>
        sampling with { MaxDecLen = Math.Max(sampling.MinDecLen, Math.Min(sampling.MaxDecLen, Math.Min(sampling.MaxSeqLen, positions) / 2)) };
}
