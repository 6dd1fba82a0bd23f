using Proxima.Core;
using Proxima.Models;

namespace Proxima.Cli.Doctor;

/// <summary>
/// What <c>proxima doctor --model DIR</c> tells of a model folder: what it holds, whether it computes what it should, how text
/// becomes tokens there, and what ends a response.
/// </summary>
internal static class ModelReport
{
    /// <summary>Writes the report line by line.</summary>
    /// <returns>Done, or Numerical when a self-test failed</returns>
    /// <exception cref="ProximaException">the folder is missing or a file in it cannot be used</exception>
    public static ExitCode Write(string folder, Action<string> line)
    {
        using LoadedModel model = LoadedModel.Load(folder);
        ModelConfig config = model.Config;
        line($"  architecture   {config.Architecture} ({config.ModelType}), {config.LayerCount} layers of {config.HiddenSize}, {config.MaxPositions} positions");
        line($"  family         {config.ModelType}: {Describe(config)}");
        line($"  parameters     {model.ParameterCount:n0}, stored as {string.Join(" and ", model.StoredTypes)}");
        IReadOnlyList<Check> checks = ModelSelfTest.Run(model);
        foreach (Check check in checks)
        {
            line($"  self-test      {(check.Passed ? "ok  " : "FAIL")}  {check.Name,-12}  {check.Detail}{(check.Passed ? "" : $"  {check.Cure}")}");
        }

        if (GoldenComparison.Find(folder) is string golden)
        {
            IReadOnlyList<(string What, double Difference)> found = GoldenComparison.Run(golden, model);
            line(found.Count == 0
                ? $"  golden.json    {golden} holds nothing to compare a {config.Architecture} with"
                : $"  golden.json    max |Δ| {found.Max(pair => pair.Difference):0.0e-00} ({string.Join(", ", found.Select(pair => $"{pair.What} {pair.Difference:0.0e-00}"))})");
        }

        foreach (string textLine in TextReport.Lines(folder, config))
        {
            line(textLine);
        }

        return checks.All(check => check.Passed) ? ExitCode.Done : ExitCode.Numerical;
    }

    private static string Describe(ModelConfig config)
    {
        DecoderTraits traits = config.Traits;
        List<string> parts =
        [
            $"{config.HeadCount} heads of {config.HeadSize}",
            config.KeyValueHeadCount == config.HeadCount ? "" : $"{config.KeyValueHeadCount} key heads",
            $"vocabulary {config.VocabularySize:n0}",
            config.IsScoreModel ? "one score a token" : config.TieWordEmbeddings ? "tied" : "untied",
            traits.Positions == PositionKind.Learned ? "learned positions" : $"rope {traits.Frequencies.Theta:g}",
            traits.Frequencies.Scaling == RotaryScaling.None ? "" : $"scaling {traits.Frequencies.Scaling.ToString().ToLowerInvariant()} by {traits.Frequencies.Factor:g}",
            traits.Windows.FirstOrDefault(window => window is not null) is int width ? $"window {width} in {traits.Windows.Count(window => window is not null)} layers" : "",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }
}
