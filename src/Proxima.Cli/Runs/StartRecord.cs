using System.Runtime.InteropServices;
using Proxima.Core;
using Proxima.Core.Runs;
using Proxima.Models.Native;
using Proxima.Training;
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
}
