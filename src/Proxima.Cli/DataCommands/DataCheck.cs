using System.Globalization;
using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.DataFiles;
using Proxima.Core.Settings;
using Proxima.Data.Checks;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Data.Tasks;

namespace Proxima.Cli.DataCommands;

/// <summary><c>proxima data check</c>: prints what is in data files, and fails where a line is wrong.</summary>
internal static class DataCheck
{
    private const string TaskEnding = ".json";
    private const int ShownLines = 10;

    public static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        (DataCheckSettings settings, IReadOnlyList<string> files) = DataSettingsLoader.LoadCheck(words);
        var checker = new DataChecker(settings, settings.ModelNameOrPath is { } model ? Encoder(model, settings.FollowModelLinks) : null);
        string unit = settings.ModelNameOrPath is null ? "characters" : "tokens";
        long wrong = 0;
        foreach ((string path, double? weight) in files.SelectMany(Sources))
        {
            DataReport report = checker.Check(path);
            foreach (string line in Lines(report, weight, unit))
            {
                console.Output.WriteLine(line);
            }

            wrong += report.File.SkippedCount;
        }

        if (wrong > 0)
        {
            throw new ProximaException(ExitCode.Data, $"{wrong} lines are wrong, see above. Correct or remove them; skip_invalid_data true leaves them out of a run.");
        }

        return ExitCode.Done;
    }

    private static DialogueEncoder Encoder(string model, bool followsLinks) =>
        DialogueEncoder.Load(InputFiles.ModelFolder("model_name_or_path", model, followsLinks), ReplyEnding.EndOfTurn);

    /// <summary>The data files of a task file with their weights, or the data file itself.</summary>
    private static IEnumerable<(string Path, double? Weight)> Sources(string path) => path.EndsWith(TaskEnding, StringComparison.OrdinalIgnoreCase)
        ? TaskFile.Load(path).Sources.Select(source => (source.FilePath, (double?)source.Weight))
        : [(path, null)];

    private static IEnumerable<string> Lines(DataReport report, double? weight, string unit)
    {
        DialogueFile file = report.File;
        string share = weight is double part ? string.Create(CultureInfo.InvariantCulture, $", {part:P1} of the draws") : "";
        yield return $"{file.Path}: {report.Kind.ToString().ToLowerInvariant()} data{share}";
        yield return $"  lines       {file.Dialogues.Count} usable, {file.SkippedCount} wrong, {report.Duplicates.Count} duplicates";
        foreach (string line in file.Skipped.Take(ShownLines).Select(skipped => $"    {skipped.Origin}: {skipped.Reason}").Concat(More(file.SkippedCount)))
        {
            yield return line;
        }

        foreach (string line in report.Duplicates.Take(ShownLines).Select(origin => $"    {origin}: says the same as an earlier line").Concat(More(report.Duplicates.Count)))
        {
            yield return line;
        }

        yield return $"  user turns  {string.Join(", ", report.Turns().Select(pair => $"{pair.Turns}: {pair.Count} lines"))}";
        yield return $"  with        system {file.Dialogues.Count(dialogue => dialogue.System is not null)}, label {file.Dialogues.Count(dialogue => dialogue.Label is not null)}";
        if (file.UnreadKeys.Count > 0)
        {
            yield return $"  not read    {string.Join(", ", file.UnreadKeys.Select(pair => $"{pair.Key} ({pair.Value} lines)"))}";
        }

        yield return $"  prompts in {unit}: {string.Join("\n    ", report.PromptLengths.Lines())}";
        if (report.ReplyLengths is { } replies)
        {
            yield return $"  replies in {unit}: {string.Join("\n    ", replies.Lines())}";
        }

        if (report.Cuts is { } cuts)
        {
            yield return $"  cut         older turns of {cuts.OlderTurns} lines, the last user turn of {cuts.LastTurns}, a reply of {cuts.Replies}";
        }
    }

    private static string[] More(long count) => count > ShownLines ? [$"    and {count - ShownLines} more"] : [];
}
