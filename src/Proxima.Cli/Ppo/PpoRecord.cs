using System.Runtime.InteropServices;
using Proxima.Core;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Data.Tasks;
using Proxima.Models.Native;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Cli.Ppo;

/// <summary>Gathers what run_record.json says of one start of a PPO run.</summary>
internal static class PpoRecord
{
    /// <summary>The start of a run that goes on after a step.</summary>
    public static RunStart Of(PpoInputs inputs, TrainingPrecision precision, int afterStep) => new()
    {
        Time = TimeProvider.System.GetUtcNow(),
        AfterStep = afterStep,
        Version = ProductVersion.Number,
        Commit = ProductVersion.Commit,
        Runtime = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Libtorch = TorchSharp.torch.__version__,
        Fp32Products = LibTorch.GemmPath,
        Precision = precision.Description,
        Processor = MachineChecks.ProcessorName,
        Threads = get_num_threads(),
        Ranks = 1,
        Models = Models(inputs.Settings.Model),
        Data = Data(inputs),
    };

    private static Dictionary<string, RecordedFolder> Models(ModelSettings settings)
    {
        (string Role, string? Folder)[] folders =
        [
            ("actor", settings.ActorModelNameOrPath),
            ("critic", settings.CriticModelNameOrPath),
            ("reward", settings.RewardModelNameOrPath),
        ];
        return folders.Where(pair => pair.Folder is not null).ToDictionary(
            pair => pair.Role, pair => new RecordedFolder(pair.Folder!, FileHashes.OfFolder(pair.Folder!)));
    }

    private static Dictionary<string, string> Data(PpoInputs inputs)
    {
        TaskSettings task = inputs.Settings.Task;
        string?[] taskFiles = [task.DoTrain ? task.TrainTaskConfig : null, task.DoEval ? task.EvalTaskConfig : null];
        IEnumerable<TaskSource> sources = new[] { inputs.TrainingTask, inputs.EvaluationTask }.OfType<DialogueTask>().SelectMany(t => t.Sources);
        return taskFiles.Append(inputs.Settings.Reward.RewardLexicon).OfType<string>()
            .Concat(sources.Select(source => source.FilePath))
            .Distinct()
            .ToDictionary(path => path, FileHashes.OfFile);
    }
}
