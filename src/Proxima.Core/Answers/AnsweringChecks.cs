using Proxima.Core.Binding;
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
    }

    /// <summary>A line for each option that was changed and has no effect.</summary>
    public static IReadOnlyList<string> Warnings<TRoot>(BoundSettings<TRoot> bound, IEnumerable<(string Key, bool IsInactive, string Because)> options)
        where TRoot : class =>
        CommonChecks.Warnings(bound, options.Where(option => option.IsInactive).Select(option => new InactiveOption<TRoot>(option.Key, _ => true, option.Because)));
}
