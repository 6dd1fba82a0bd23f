using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Core.Answers;

/// <summary>Checks that <c>generate</c> and <c>eval</c> have in common.</summary>
internal static class AnsweringChecks
{
    public static void Require<TRoot>(SettingsChecks<TRoot> checks, AnsweringSettings answering, SamplingSettings sampling)
        where TRoot : class
    {
        checks.Require(
            answering.ModelNameOrPath is not null, ["model_name_or_path"], "the folder of a model", "Give the path of a Hugging Face folder.");
        SamplingChecks.Require(checks, sampling);
        checks.Require(sampling.StopStrings is null, ["stop_strings"], "to be left out, since only token ids end a response", "Remove it.");
    }
}
