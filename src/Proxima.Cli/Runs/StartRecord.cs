using System.Runtime.InteropServices;
using Proxima.Core;
using Proxima.Core.Runs;
using Proxima.Models.Native;
using Proxima.Training;
using Proxima.Training.Ranks;
using static TorchSharp.torch;

namespace Proxima.Cli.Runs;

/// <summary>Gathers what run_record.json says of one start of a run.</summary>
internal static class StartRecord
{
    /// <summary>The start of a run that goes on after a step.</summary>
    /// <param name="afterStep">last step taken before</param>
    /// <param name="ranks">processes that train together</param>
    /// <param name="device">where it computes</param>
    /// <param name="precision">number types</param>
    /// <param name="models">role → model folder</param>
    /// <param name="data">task files, data files, word lists</param>
    public static RunStart Of(int afterStep, int ranks, RunDevice device, TrainingPrecision precision, IReadOnlyDictionary<string, string> models, IEnumerable<string> data) => new()
    {
        Time = TimeProvider.System.GetUtcNow(),
        AfterStep = afterStep,
        Version = ProductVersion.Number,
        Commit = ProductVersion.Commit,
        Runtime = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Libtorch = TorchSharp.torch.__version__,
        Fp32Products = LibTorch.GemmPath,
        Device = device.Reason,
        Precision = precision.Description,
        Processor = MachineChecks.ProcessorName,
        Threads = get_num_threads(),
        Ranks = ranks,
        Models = models.ToDictionary(pair => pair.Key, pair => new RecordedFolder(pair.Value, FileHashes.OfFolder(pair.Value))),
        Data = data.Distinct().ToDictionary(path => path, FileHashes.OfFile),
    };

    /// <summary>Writes down a start, once all ranks are known to read the same files.</summary>
    /// <param name="folder">of the run</param>
    /// <param name="start">this start, as this rank sees it</param>
    /// <param name="work">the ranks</param>
    /// <exception cref="ProximaException">this rank reads other files than the leading one</exception>
    public static void Append(RunFolder folder, RunStart start, SharedWork work)
    {
        string own = string.Join('\n', start.Models.SelectMany(model => model.Value.Files).Select(file => $"{file.Key} {file.Value}").Concat(start.Data.Select(file => $"{file.Key} {file.Value}")));
        if (work.Lead("hashes of models and data", own) != own)
        {
            throw new ProximaException(
                ExitCode.Data, $"rank {work.Ranks.Rank} on {Environment.MachineName} reads models or data that differ from those of rank 0. Give all hosts the same files.");
        }

        if (work.Leads)
        {
            RunRecord.Append(folder.RecordPath, start);
        }
    }
}
