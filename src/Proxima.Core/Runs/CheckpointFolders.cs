using System.Globalization;
using System.Text.RegularExpressions;

namespace Proxima.Core.Runs;

/// <summary>The checkpoints of a run: folders checkpoint-N in its folder, N the last step taken.</summary>
/// <param name="outputDir">the run's folder; it need not exist</param>
public sealed partial class CheckpointFolders(string outputDir)
{
    private const string SupersededPrefix = "superseded-";

    /// <summary>Path of the checkpoint after a step.</summary>
    public string PathOf(int step) => Path.Combine(outputDir, string.Create(CultureInfo.InvariantCulture, $"checkpoint-{step}"));

    /// <summary>Steps of all checkpoints, whole or not, ascending.</summary>
    public IReadOnlyList<int> Steps() =>
        [.. Folders(Pattern()).Select(folder => int.Parse(Pattern().Match(Path.GetFileName(folder)).Groups[1].ValueSpan, CultureInfo.InvariantCulture)).Order()];

    /// <summary>Steps of the checkpoints whose files are all there in their sizes, ascending.</summary>
    public IReadOnlyList<int> CompleteSteps() => [.. Steps().Where(step => CheckpointManifest.DamageOfSizes(PathOf(step)) is null)];

    /// <summary>Every folder of a checkpoint, those set aside too.</summary>
    public IEnumerable<string> All() => Folders(Pattern()).Concat(Folders(SupersededPattern()));

    /// <summary>The newest whole checkpoint.</summary>
    /// <param name="note">told of each one that is passed over, with the reason</param>
    /// <returns>its path; null when there is none at all</returns>
    /// <exception cref="ProximaException">there are some, and none is whole</exception>
    public string? NewestWhole(Action<string> note)
    {
        IReadOnlyList<int> steps = Steps();
        string? newest = null;
        foreach (string path in steps.Reverse().Select(PathOf))
        {
            if (CheckpointManifest.Damage(path) is not { } damage)
            {
                return path;
            }

            newest ??= damage;
            note($"{path} is not whole and is passed over: {damage.TrimEnd('.')}.");
        }

        return steps.Count == 0 ? null : throw new ProximaException(
            ExitCode.Data,
            $"none of the {steps.Count} checkpoints in {outputDir} is whole; of the newest: {newest?.TrimEnd('.')}. Put a whole copy of one in its place, or give overwrite_output_dir true to begin anew.");
    }

    /// <summary>
    /// Renames the checkpoints of later steps, so that a run that goes on from an earlier one does not meet them: they belong to the course
    /// that it leaves.
    /// </summary>
    /// <param name="step">last step of the checkpoint that the run goes on from</param>
    /// <param name="note">told of each</param>
    public void SetAsideAfter(int step, Action<string> note)
    {
        foreach (string path in Steps().Where(later => later > step).Select(PathOf))
        {
            string aside = Path.Combine(outputDir, SupersededPrefix + Path.GetFileName(path));
            for (int number = 2; Path.Exists(aside); number++)
            {
                aside = Path.Combine(outputDir, string.Create(CultureInfo.InvariantCulture, $"{SupersededPrefix}{Path.GetFileName(path)}-{number}"));
            }

            Directory.Move(path, aside);
            note($"{path} is of a later step than the run goes on from; it is now {Path.GetFileName(aside)}");
        }
    }

    private IEnumerable<string> Folders(Regex pattern) => Directory.Exists(outputDir)
        ? Directory.EnumerateDirectories(outputDir).Where(folder => pattern.IsMatch(Path.GetFileName(folder)))
        : [];

    [GeneratedRegex("^checkpoint-([0-9]{1,9})$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex("^superseded-checkpoint-[0-9]{1,9}(-[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex SupersededPattern();
}
