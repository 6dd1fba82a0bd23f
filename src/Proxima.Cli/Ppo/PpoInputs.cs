using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Rewards;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Data.Tasks;
using Proxima.Models;
using Proxima.Text;
using Proxima.Training;
using Proxima.Training.Checkpoints;

namespace Proxima.Cli.Ppo;

/// <summary>Everything a run reads but weights. All of it is read and checked before any weight is, so that mistakes show at once.</summary>
internal sealed record PpoInputs
{
    /// <summary>The settings with what models and data decide.</summary>
    public required PpoCommandSettings Settings { get; init; }

    public required RunFolder Folder { get; init; }

    /// <summary>How the actor reads and writes.</summary>
    public required ModelText Text { get; init; }

    /// <summary>How the reward model reads; null when it scores the sampled ids themselves, or another source scores.</summary>
    public required RewardText? RewardText { get; init; }

    /// <summary>Null when do_train is false.</summary>
    public required DialogueTask? TrainingTask { get; init; }

    /// <summary>Null when do_train is false.</summary>
    public required BatchPlan? Plan { get; init; }

    /// <summary>The dialogues of the supervised loss beside PPO; null without one.</summary>
    public required DialogueTask? PtxTask { get; init; }

    /// <summary>Null when do_eval is false.</summary>
    public required DialogueTask? EvaluationTask { get; init; }

    /// <summary>Null when do_eval is false.</summary>
    public required IReadOnlyList<Prompt>? EvaluationPrompts { get; init; }

    /// <summary>The checkpoint that the run goes on from; null when it starts anew.</summary>
    public required string? Checkpoint { get; init; }

    /// <summary>Lines to print once.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Reads and checks.</summary>
    /// <param name="loaded">the settings</param>
    /// <param name="folder">of the run</param>
    /// <param name="ranks">processes that train together</param>
    /// <exception cref="ProximaException">anything is missing or wrong; nothing has been touched</exception>
    public static PpoInputs Load(LoadedSettings<PpoCommandSettings> loaded, RunFolder folder, int ranks)
    {
        PpoCommandSettings settings = loaded.Settings;
        RankedRun.RequireGroups(settings.Machine, ranks);
        foreach ((string key, string? path) in Folders(settings.Model))
        {
            InputFiles.ModelFolder(key, path!, settings.Model.FollowModelLinks);
        }

        string actor = settings.Model.ActorModelNameOrPath!;
        var text = new ModelText(actor, ModelConfig.Load(actor), settings.Sampling, loaded.Written.Contains("max_seq_len"));
        settings = settings with { Sampling = text.Sampling };
        RequireActorTokens(settings.Model.CriticModelNameOrPath, text);
        RewardText? rewardText = settings.Model.RewardModelNameOrPath is { } reward ? RewardText.Load(reward, text) : null;
        RequireVocabulary("critic_model_name_or_path", settings.Model.CriticModelNameOrPath, text);
        RequireVocabulary("reward_model_name_or_path", rewardText is { HasOwnTokenizer: true } ? null : settings.Model.RewardModelNameOrPath, text);
        List<string> notes = [];
        DialogueKind trainingKind = KindFor(settings.Reward.RewardFunction);
        DialogueKind evaluationKind = trainingKind == DialogueKind.Prompt ? KindFor(settings.Reward.EvalRewardFunction) : trainingKind;
        TaskSettings task = settings.Task;
        DialogueTask? training = task.DoTrain ? InputFiles.Task(task.TrainTaskConfig!, trainingKind, task.SkipInvalidData, notes) : null;
        DialogueTask? evaluation = task.DoEval ? InputFiles.Task(task.EvalTaskConfig!, evaluationKind, task.SkipInvalidData, notes) : null;
        DialogueTask? ptx = task is { DoTrain: true, PtxTaskConfig.Length: > 0 }
            ? InputFiles.Task(task.PtxTaskConfig, DialogueKind.Supervised, task.SkipInvalidData, notes, text.Ending).Expand(text.Expand)
            : null;
        if (training is not null)
        {
            text.EncodePrompt(training.Dialogues.First()); // a template that refuses every dialogue shows before anything is written
        }

        string? checkpoint = task.DoTrain ? CheckpointStore.Find(folder, settings.Run, notes.Add) : null;
        return new PpoInputs
        {
            Settings = settings,
            Folder = folder,
            Text = text,
            RewardText = rewardText,
            TrainingTask = training,
            Plan = training is null ? null : BatchPlan.Create(settings, training.LineCount, ranks),
            PtxTask = ptx,
            EvaluationTask = evaluation,
            EvaluationPrompts = evaluation is null ? null : [.. evaluation.Dialogues.Select(text.EncodePrompt)],
            Checkpoint = checkpoint,
            Notes = [.. text.Notes, .. rewardText?.Notes ?? [], .. notes],
        };
    }

    private static IEnumerable<(string Key, string? Path)> Folders(ModelSettings models)
    {
        (string Key, string? Path)[] folders =
        [
            ("actor_model_name_or_path", models.ActorModelNameOrPath),
            ("reward_model_name_or_path", models.RewardModelNameOrPath),
            ("critic_model_name_or_path", models.CriticModelNameOrPath),
        ];
        return folders.Where(folder => folder.Path is not null);
    }

    /// <summary>The critic values the actor's tokens one by one, so both must number them alike.</summary>
    private static void RequireActorTokens(string? critic, ModelText actor)
    {
        if (critic is not null && ModelText.HasTokenizer(critic) && !actor.NumbersTokensLike(Tokenizer.Load(critic)))
        {
            throw new ProximaException(
                ExitCode.Data,
                $"critic_model_name_or_path = {critic}: its tokenizer numbers tokens otherwise than the actor's, whose tokens it is to value. "
                + "Expected a model with the actor's tokenizer; leave it out to start from the actor.");
        }
    }

    /// <summary>A model that reads the actor's ids has an embedding for each token. Ids behind the last token, with which some models fill up, are never meant.</summary>
    private static void RequireVocabulary(string key, string? folder, ModelText actor)
    {
        if (folder is not null && ModelConfig.Load(folder) is var config && config.VocabularySize < actor.TokenCount)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{key} = {folder}: its vocabulary has {config.VocabularySize} tokens, and it is to read ids of the actor, which has {actor.TokenCount}. "
                + "Expected a model of at least as many tokens; one with a tokenizer of its own can be a reward model (its folder then holds tokenizer.json or tokenizer.model).");
        }
    }

    /// <summary>What the lines of a task must hold for a mix of reward functions.</summary>
    internal static DialogueKind KindFor(string? rewardFunctions) =>
        RewardFunctionMix.Names(rewardFunctions, RewardFunctionMix.ExactAnswer) ? DialogueKind.LabelledPrompt : DialogueKind.Prompt;
}
