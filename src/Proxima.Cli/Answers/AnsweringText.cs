using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Models;

namespace Proxima.Cli.Answers;

/// <summary>Reads a model folder for the commands that only answer.</summary>
internal static class AnsweringText
{
    /// <summary>Reads everything but weights.</summary>
    /// <param name="key">the argument that names the folder</param>
    /// <param name="folder">a Hugging Face folder</param>
    /// <param name="sampling">the settings as written</param>
    /// <param name="written">names of the arguments that the user wrote</param>
    /// <param name="followsLinks">follow_model_links</param>
    /// <exception cref="ProximaException">something is missing or wrong</exception>
    public static ModelText Read(string key, string folder, SamplingSettings sampling, IReadOnlySet<string> written, bool followsLinks)
    {
        ModelConfig config = ModelConfig.Load(InputFiles.ModelFolder(key, folder, followsLinks));
        return new ModelText(
            folder, config, written.Contains("max_dec_len") ? sampling : WithRoomForPrompts(sampling, config.MaxPositions), written.Contains("max_seq_len"));
    }

    /// <summary>The default of max_dec_len takes at most half of the positions, so that a small model answers without a setting.</summary>
    private static SamplingSettings WithRoomForPrompts(SamplingSettings sampling, int positions) =>
        sampling with { MaxDecLen = Math.Max(sampling.MinDecLen, Math.Min(sampling.MaxDecLen, Math.Min(sampling.MaxSeqLen, positions) / 2)) };
}
