using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Data.Checks;
using Proxima.Data.Examples;

namespace Proxima.Cli.Starting;

/// <summary>What <c>init</c> has to know of the user's data.</summary>
/// <param name="Lines">dialogues of all files</param>
/// <param name="LongestPrompt">tokens</param>
/// <param name="LongestReply">tokens; 0 for prompts alone</param>
internal sealed record InitData(int Lines, int LongestPrompt, int LongestReply)
{
    /// <summary>Reads data files as a run would.</summary>
    /// <exception cref="ProximaException">a file cannot be read, or a line of it is wrong</exception>
    public static InitData Read(IReadOnlyList<string> files, InitStage stage, DialogueEncoder encoder)
    {
        DataKind kind = stage switch
        {
            InitStage.Sft => DataKind.Sft,
            InitStage.Reward => DataKind.Preference,
            _ => DataKind.Ppo,
        };
        var checker = new DataChecker(new DataCheckSettings { Kind = kind }, encoder);
        DataReport[] reports = [.. files.Select(checker.Check)];
        if (reports.FirstOrDefault(report => report.File.SkippedCount > 0) is { } wrong)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{wrong.File.Skipped[0].Origin}: {wrong.File.Skipped[0].Reason} ({wrong.File.SkippedCount} lines of {wrong.File.Path} are wrong as {kind.ToString().ToLowerInvariant()} data.) "
                + "`proxima data check` lists all; `proxima data convert` makes data of other layouts usable.");
        }

        return new InitData(
            reports.Sum(report => report.File.Dialogues.Count),
            reports.Max(report => report.PromptLengths.Quantile(1)),
            reports.Max(report => report.ReplyLengths?.Quantile(1) ?? 0));
    }
}
