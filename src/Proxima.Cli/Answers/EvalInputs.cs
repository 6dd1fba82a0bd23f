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

    /// <summary>One model, or two to be compared.</summary>
    public required IReadOnlyList<AnsweringModel> Models { get; init; }

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
        List<AnsweringModel> models = [AnsweringModel.Read("model_name_or_path", settings.Answering.ModelNameOrPath!, settings.Sampling, loaded.Written)];
        if (eval.CompareModelNameOrPath is { } second)
        {
            models.Add(AnsweringModel.Read("compare_model_name_or_path", second, settings.Sampling, loaded.Written));
        }

        if (eval.RewardModelNameOrPath is { } reward)
        {
            InputFiles.ModelFolder("reward_model_name_or_path", reward);
            models.ForEach(model => RequireSameTokenizer(model.Folder, reward));
        }

        if (eval.OutputFile is { } output)
        {
            OutputFiles.Check("output_file", output);
        }

        bool needsLabels = new[] { settings.Reward.RewardFunction, settings.Reward.EvalRewardFunction }
            .Any(mix => PpoInputs.KindFor(mix) == DialogueKind.LabelledPrompt);
        List<string> notes = [];
        DialogueTask task = InputFiles.Task(
            eval.EvalTaskConfig!, needsLabels ? DialogueKind.LabelledPrompt : DialogueKind.Prompt, settings.Answering.SkipInvalidData, notes);
        int most = eval.MaxEvaluateSteps < 0 ? int.MaxValue : checked((int)Math.Min(int.MaxValue, (long)eval.MaxEvaluateSteps * settings.Answering.PerDeviceEvalBatchSize));
        return new EvalInputs
        {
            Settings = settings,
            Models = models,
            Prompts = [.. task.Dialogues.Take(most)],
            Notes = notes,
        };
    }

    /// <summary>A reward model scores the sampled ids themselves here, so both must number tokens alike.</summary>
    private static void RequireSameTokenizer(string folder, string reward)
    {
        const string Name = "tokenizer.json";
        string ownFile = Path.Combine(folder, Name);
        string rewardFile = Path.Combine(reward, Name);
        if (File.Exists(ownFile) && File.Exists(rewardFile)
            && !File.ReadAllBytes(ownFile).AsSpan().SequenceEqual(File.ReadAllBytes(rewardFile)))
        {
            throw new ProximaException(
                ExitCode.Data,
                $"reward_model_name_or_path = {reward}: its {Name} differs from that of {folder}, whose sampled ids it is to score. "
                + "Give a reward model with the same tokenizer, or serve it (reward_server).");
        }
    }
}
