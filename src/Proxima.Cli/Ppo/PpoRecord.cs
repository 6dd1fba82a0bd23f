using Proxima.Cli.Runs;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Data.Tasks;
using Proxima.Training;

namespace Proxima.Cli.Ppo;

/// <summary>Gathers what run_record.json says of one start of a PPO run.</summary>
internal static class PpoRecord
{
    /// <summary>The start of a run that goes on after a step.</summary>
    public static RunStart Of(PpoInputs inputs, RunDevice device, TrainingPrecision precision, int ranks, int afterStep) =>
        StartRecord.Of(afterStep, ranks, device, precision, Models(inputs.Settings.Model), Data(inputs));

    private static Dictionary<string, string> Models(ModelSettings settings)
    {
        (string Role, string? Folder)[] folders =
        [
            ("actor", settings.ActorModelNameOrPath),
            ("critic", settings.CriticModelNameOrPath),
            ("reward", settings.RewardModelNameOrPath),
        ];
        return folders.Where(pair => pair.Folder is not null).ToDictionary(pair => pair.Role, pair => pair.Folder!);
    }

    private static IEnumerable<string> Data(PpoInputs inputs)
    {
        TaskSettings task = inputs.Settings.Task;
        string?[] taskFiles = [task.DoTrain ? task.TrainTaskConfig : null, task.DoEval ? task.EvalTaskConfig : null, inputs.PtxTask is null ? null : task.PtxTaskConfig];
        IEnumerable<TaskSource> sources = new[] { inputs.TrainingTask, inputs.EvaluationTask, inputs.PtxTask }.OfType<DialogueTask>().SelectMany(t => t.Sources);
        return taskFiles.Append(inputs.Settings.Reward.RewardLexicon).OfType<string>().Concat(sources.Select(source => source.FilePath));
    }
}
