using Proxima.Cli.Ppo;
using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Answers;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Data.Tasks;

namespace Proxima.Cli.Answers;

/// <summary>Everything that <c>eval</c> reads but weights; all of it is checked before any weight is read.</summary>
internal sealed record EvalInputs
{
    public required EvalCommandSettings Settings { get; init; }

    /// <summary>One model, or two to be compared, each with how the reward model reads it: null when that scores the sampled ids, or is not the source.</summary>
    public required IReadOnlyList<(ModelText Text, RewardText? RewardText)> Models { get; init; }

    /// <summary>The prompts that are answered.</summary>
    public required IReadOnlyList<Dialogue> Prompts { get; init; }

    /// <summary>Lines to print once.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Reads and checks.</summary>
    /// <exception cref="ProximaException">anything is missing or wrong</exception>
    public static EvalInputs Load(LoadedEvalSettings loaded)
    {
        EvalCommandSettings settings = loaded.Settings;
        EvalSettings eval = settings.Eval;
        bool followsLinks = settings.Answering.FollowModelLinks;
        List<ModelText> models = [AnsweringText.Read("model_name_or_path", settings.Answering.ModelNameOrPath!, settings.Sampling, loaded.Written, followsLinks)];
        if (eval.CompareModelNameOrPath is { } second)
        {
            models.Add(AnsweringText.Read("compare_model_name_or_path", second, settings.Sampling, loaded.Written, followsLinks));
        }

        string? reward = eval.RewardModelNameOrPath is { } path ? InputFiles.ModelFolder("reward_model_name_or_path", path, followsLinks) : null;
        (ModelText Text, RewardText? RewardText)[] asked = [.. models.Select(text => (text, reward is null ? null : RewardText.Load(reward, text)))];
        if (eval.OutputFile is { } output)
        {
            OutputFiles.Check("output_file", output);
        }

        bool needsLabels = new[] { settings.Reward.RewardFunction, settings.Reward.EvalRewardFunction }
            .Any(mix => PpoInputs.KindFor(mix) == DialogueKind.LabelledPrompt);
        List<string> notes = [.. asked.SelectMany(one => one.RewardText?.Notes ?? []).Distinct()];
        DialogueTask task = InputFiles.Task(
            eval.EvalTaskConfig!, needsLabels ? DialogueKind.LabelledPrompt : DialogueKind.Prompt, settings.Answering.SkipInvalidData, notes);
        int most = eval.MaxEvaluateSteps < 0 ? int.MaxValue : checked((int)Math.Min(int.MaxValue, (long)eval.MaxEvaluateSteps * settings.Answering.PerDeviceEvalBatchSize));
        return new EvalInputs
        {
            Settings = settings,
            Models = asked,
            Prompts = [.. task.Dialogues.Take(most)],
            Notes = notes,
        };
    }
}
