using System.Globalization;
using Proxima.Core;
using Proxima.Core.Runs;

namespace Proxima.Dashboard.Web;

/// <summary>The runs below one folder: the folder itself, or folders up to three levels below it, that hold a metrics.jsonl.</summary>
public sealed class RunCatalog
{
    private const int DepthOfRuns = 3;

    private readonly string _root;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunView> _runs = [];
    private int _version;

    /// <summary>Looks for runs.</summary>
    /// <param name="root">a run's output_dir, or a folder of such</param>
    /// <exception cref="ProximaException">there is no such folder</exception>
    public RunCatalog(string root)
    {
        _root = Path.GetFullPath(root);
        if (!Directory.Exists(_root))
        {
            throw new ProximaException(ExitCode.Usage, $"{root}: expected the output_dir of a run or a folder of runs, there is no such folder. Check the path.");
        }

        Refresh();
    }

    /// <summary>Grows each time that something new was read.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>All runs by name.</summary>
    public IReadOnlyList<RunView> Runs()
    {
        lock (_lock)
        {
            return [.. _runs.Values.OrderBy(run => run.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>The run with this id, if there is one.</summary>
    public RunView? Find(string id) => Runs().FirstOrDefault(run => run.Id == id);

    /// <summary>Finds new runs and reads what the known ones have written.</summary>
    public void Refresh()
    {
        bool isNew = false;
        lock (_lock)
        {
            foreach (string folder in FoldersOfRuns(_root, DepthOfRuns).Where(folder => !_runs.ContainsKey(folder)))
            {
                string id = _runs.Count.ToString(CultureInfo.InvariantCulture);
                string name = folder == _root ? Path.GetFileName(_root) : Path.GetRelativePath(_root, folder);
                _runs[folder] = new RunView(id, name, folder);
                isNew = true;
            }
        }

        foreach (RunView run in Runs())
        {
            isNew |= run.Refresh();
        }

        if (isNew)
        {
            Interlocked.Increment(ref _version);
        }
    }

    private static IEnumerable<string> FoldersOfRuns(string folder, int depth)
    {
        if (File.Exists(Path.Combine(folder, RunFolder.MetricsName)))
        {
            return [folder];
        }

        return depth == 0
            ? []
            : new DirectoryInfo(folder).EnumerateDirectories("*", new EnumerationOptions { IgnoreInaccessible = true })
                .Where(child => child.LinkTarget is null)
                .SelectMany(child => FoldersOfRuns(child.FullName, depth - 1));
    }
}
