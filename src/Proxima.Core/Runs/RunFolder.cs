using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using Proxima.Core.Settings;

namespace Proxima.Core.Runs;

/// <summary>The output folder of a run: names of what is in it, and the rules for one that holds a run already.</summary>
public sealed partial class RunFolder
{
    public const string ConfigName = "run_config.json";
    public const string RecordName = "run_record.json";
    public const string MetricsName = "metrics.jsonl";
    public const string SamplesName = "samples.jsonl.gz";
    public const string ActorName = "actor";
    public const string CriticName = "critic";
    public const string ModelName = "model";
    public const string EventsName = "runs";
    public const string TrainerStateName = "trainer_state.json";

    private readonly string _path;
    private readonly bool _replacesRun;
    private readonly IReadOnlyList<string> _inputs;

    private RunFolder(string path, bool isOverwriteAllowed, IReadOnlyList<string> inputs)
    {
        _path = path;
        _inputs = inputs;
        Checkpoints = new CheckpointFolders(path);
        _replacesRun = isOverwriteAllowed && HoldsRun;
    }

    /// <summary>Absolute path.</summary>
    public string FullPath => _path;

    /// <summary>The checkpoints in it.</summary>
    public CheckpointFolders Checkpoints { get; }

    public string ConfigPath => Path.Combine(_path, ConfigName);

    /// <summary>What ran where, on which files.</summary>
    public string RecordPath => Path.Combine(_path, RecordName);

    public string MetricsPath => Path.Combine(_path, MetricsName);

    /// <summary>Samples of each step.</summary>
    public string SamplesPath => Path.Combine(_path, SamplesName);

    /// <summary>Folder of the TensorBoard events unless logging_dir names another.</summary>
    public string EventsPath => Path.Combine(_path, EventsName);

    /// <summary>Where the actor of the end is saved.</summary>
    public string ActorPath => Path.Combine(_path, ActorName);

    /// <summary>Where the critic of the end is saved.</summary>
    public string CriticPath => Path.Combine(_path, CriticName);

    /// <summary>Where the model of a stage before PPO is saved at the end.</summary>
    public string ModelPath => Path.Combine(_path, ModelName);

    /// <summary>Whether the folder holds a run.</summary>
    public bool HoldsRun =>
        File.Exists(ConfigPath) || File.Exists(MetricsPath) || Checkpoints.All().Any();

    /// <summary>The folder of a run that does not start: nothing is looked at.</summary>
    /// <param name="run">settings with an output_dir</param>
    public static RunFolder Of(RunSettings run) => Of(run, []);

    /// <summary>Checks the folder and changes nothing.</summary>
    /// <param name="run">settings with an output_dir</param>
    /// <param name="inputs">files and folders that the run reads: an overwrite must not remove them</param>
    /// <exception cref="ProximaException">it is a file; another process writes it; it holds a run that is neither resumed nor overwritten; an input would be removed</exception>
    public static RunFolder Check(RunSettings run, IEnumerable<string> inputs)
    {
        RunFolder folder = Of(run, inputs);
        string outputDir = run.OutputDir!;
        if (File.Exists(folder._path))
        {
            throw new ProximaException(ExitCode.Usage, $"output_dir = {outputDir}: expected a folder, this is a file. Give another path.");
        }

        RunLock.RefuseIfTaken(folder._path);
        if (folder.HoldsRun && !run.OverwriteOutputDir && run.ResumeFromCheckpoint is null)
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"output_dir = {outputDir} holds a run already; nothing was touched. Go on with it (--resume_from_checkpoint auto), "
                + "replace it (--overwrite_output_dir true), or give another output_dir.");
        }

        folder.CheckInputs();
        return folder;
    }

    /// <summary>
    /// Makes the folder and keeps it for this process. Where overwrite_output_dir was asked for, what the older run wrote is removed, and
    /// nothing else. Call it when everything that can fail before the first step has been loaded.
    /// </summary>
    /// <returns>to be disposed at the end of the run: another process may then write the folder</returns>
    /// <exception cref="ProximaException">another process writes the folder, or it cannot be made or changed</exception>
    public IDisposable Begin()
    {
        try
        {
            Directory.CreateDirectory(_path);
            RunLock taken = RunLock.Take(_path);
            try
            {
                CleanUp();
                return taken;
            }
            catch
            {
                taken.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(
                ExitCode.Usage, $"output_dir = {_path} cannot be written: {exception.Message} Give another output_dir.", exception);
        }
    }

    /// <summary>Path of the samples of an evaluation.</summary>
    public string EvaluationPath(int step, int rank) =>
        Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"eval_out-step{step}-rank{rank}.jsonl"));

    /// <summary>Forces the logs of the run to the disk, so that no checkpoint outlives the lines of its steps.</summary>
    /// <param name="eventsPath">folder of the TensorBoard events; it need not exist</param>
    public void FlushLogs(string eventsPath)
    {
        IEnumerable<string> events = Directory.Exists(eventsPath) ? Directory.EnumerateFiles(eventsPath, "events.out.tfevents.*") : [];
        foreach (string file in events.Concat([MetricsPath, SamplesPath]).Where(File.Exists))
        {
            using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }
    }

    private static RunFolder Of(RunSettings run, IEnumerable<string> inputs)
    {
        string outputDir = run.OutputDir ?? throw new ArgumentException("output_dir is not given", nameof(run));
        return new RunFolder(Path.GetFullPath(outputDir), run.OverwriteOutputDir, [.. inputs.Select(Path.GetFullPath)]);
    }

    private void CleanUp()
    {
        AtomicFolder.RemoveLeftovers(_path);
        foreach (string entry in _replacesRun ? EntriesOfRun().ToList() : [])
        {
            Remove(entry);
        }
    }

    private void CheckInputs()
    {
        if (!_replacesRun)
        {
            return;
        }

        foreach (string entry in EntriesOfRun())
        {
            string? inside = _inputs.FirstOrDefault(input => input == entry || input.StartsWith(entry + Path.DirectorySeparatorChar, StringComparison.Ordinal));
            if (inside is not null)
            {
                throw new ProximaException(
                    ExitCode.Usage,
                    $"overwrite_output_dir = true would remove {inside}, which this run reads; nothing was touched. Give another output_dir.");
            }
        }
    }

    /// <summary>What a run wrote into the folder, by its names.</summary>
    private IEnumerable<string> EntriesOfRun()
    {
        string[] files = [ConfigName, RecordName, MetricsName, SamplesName];
        string[] folders = [ActorName, CriticName, ModelName, EventsName];
        return Directory.EnumerateFiles(_path)
            .Where(file => files.Contains(Path.GetFileName(file)) || EvaluationPattern().IsMatch(Path.GetFileName(file)))
            .Concat(Checkpoints.All())
            .Concat(Directory.EnumerateDirectories(_path).Where(folder => folders.Contains(Path.GetFileName(folder))));
    }

    private static void Remove(string entry)
    {
        if (Directory.Exists(entry))
        {
            AtomicFolder.Delete(entry);
        }
        else
        {
            File.Delete(entry);
        }
    }

    [GeneratedRegex("^eval_out-step[0-9]+-rank[0-9]+\\.jsonl$", RegexOptions.CultureInvariant)]
    private static partial Regex EvaluationPattern();
}
