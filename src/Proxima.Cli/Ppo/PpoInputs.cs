using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Rewards;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Data.Tasks;
using Proxima.Models;
using Proxima.Text;
using Proxima.Text.Templates;
using Proxima.Training;

namespace Proxima.Cli.Ppo;

/// <summary>Everything a run reads but weights. All of it is read and checked before any weight is, so that mistakes show at once.</summary>
internal sealed record PpoInputs
{
    /// <summary>The settings with what models and data decide.</summary>
    public required PpoCommandSettings Settings { get; init; }

    public required RunFolder Folder { get; init; }

    public required Tokenizer Tokenizer { get; init; }

    /// <summary>Turns a dialogue into a prompt that fits.</summary>
    public required Func<Dialogue, Prompt> EncodePrompt { get; init; }

    /// <summary>What ends a response.</summary>
    public required StopCriteria Ends { get; init; }

    /// <summary>Null when do_train is false.</summary>
    public required DialogueTask? TrainingTask { get; init; }

    /// <summary>Null when do_train is false.</summary>
    public required BatchPlan? Plan { get; init; }

    /// <summary>Null when do_eval is false.</summary>
    public required DialogueTask? EvaluationTask { get; init; }

    /// <summary>Null when do_eval is false.</summary>
    public required IReadOnlyList<Prompt>? EvaluationPrompts { get; init; }

    /// <summary>Lines to print once.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Reads and checks.</summary>
    /// <exception cref="ProximaException">anything is missing or wrong; nothing has been touched</exception>
    public static PpoInputs Load(LoadedPpoSettings loaded)
    {
        PpoCommandSettings settings = loaded.Settings;
        RunFolder folder = RunFolder.Check(settings.Run, loaded.Inputs);
        string actor = ModelPath("actor_model_name_or_path", settings.Model.ActorModelNameOrPath!);
        ModelConfig config = ModelConfig.Load(actor);
        Tokenizer tokenizer = Tokenizer.Load(actor);
        if (settings.Model.RewardModelNameOrPath is { } reward)
        {
            RequireSameTokenizer(actor, ModelPath("reward_model_name_or_path", reward));
        }

        if (settings.Model.CriticModelNameOrPath is { } critic)
        {
            ModelPath("critic_model_name_or_path", critic);
        }

        SamplingSettings sampling = SequenceLengths.Resolve(
            settings.Sampling, loaded.Written.Contains("max_seq_len"), config.MaxPositions);
        settings = settings with { Sampling = sampling };
        DialogueEncoder encoder = DialogueEncoder.Create(tokenizer, ChatTemplate.Load(actor), ReplyEnding.None);
        List<string> notes = [.. tokenizer.Notes, .. encoder.Notes];
        RewardSettings rewards = settings.Reward;
        DialogueKind trainingKind = KindFor(rewards.RewardFunction);
        DialogueKind evaluationKind = trainingKind == DialogueKind.Prompt ? KindFor(rewards.EvalRewardFunction) : trainingKind;
        DialogueTask? training = settings.Task.DoTrain ? LoadTask(settings.Task.TrainTaskConfig!, trainingKind, settings.Task, notes) : null;
        DialogueTask? evaluation = settings.Task.DoEval ? LoadTask(settings.Task.EvalTaskConfig!, evaluationKind, settings.Task, notes) : null;
        Func<Dialogue, Prompt> encodePrompt = dialogue =>
            new Prompt(dialogue, RequireKnown(config, dialogue, encoder.EncodePrompt(dialogue, sampling.MaxPromptLen!.Value).Ids));
        return new PpoInputs
        {
            Settings = settings,
            Folder = folder,
            Tokenizer = tokenizer,
            EncodePrompt = encodePrompt,
            Ends = StopCriteria.Of(sampling, StopTokenIds(config, encoder, sampling), tokenizer),
            TrainingTask = training,
            Plan = training is null ? null : BatchPlan.Create(settings, training.LineCount),
            EvaluationTask = evaluation,
            EvaluationPrompts = evaluation is null
                ? null
                : [.. evaluation.Dialogues.Select(encodePrompt)],
            Notes = notes,
        };
    }

    /// <summary>stop_token_ids, else the ids that the model and its chat template end with.</summary>
    private static IReadOnlyList<int> StopTokenIds(ModelConfig config, DialogueEncoder encoder, SamplingSettings sampling)
    {
        IReadOnlyList<int> ids = sampling.StopTokenIds ?? [.. config.EosTokenIds.Union(encoder.StopIds).Order()];
        int highest = ids.DefaultIfEmpty().Max();
        if (highest < config.VocabularySize)
        {
            return ids;
        }

        throw sampling.StopTokenIds is null
            ? new ProximaException(
                ExitCode.Data,
                $"the actor ends its responses with the id {highest}, but its vocabulary has {config.VocabularySize} tokens. Correct its eos_token_id, or give stop_token_ids.")
            : new ProximaException(
                ExitCode.Usage,
                $"stop_token_ids = {string.Join(",", ids)}: {highest} is outside the actor's vocabulary. Expected ids below {config.VocabularySize}; correct it.");
    }

    private static int[] RequireKnown(ModelConfig config, Dialogue dialogue, int[] ids)
    {
        int highest = ids.Max();
        return highest < config.VocabularySize ? ids : throw new ProximaException(
            ExitCode.Data,
            $"{dialogue.Origin}: its prompt holds the token id {highest}, but the actor's vocabulary has {config.VocabularySize} tokens. "
            + "Tokenizer and weights do not belong together; take both from one model.");
    }

    private static string ModelPath(string key, string path) => Directory.Exists(path)
        ? path
        : throw new ProximaException(
            ExitCode.Data, $"{key} = {path}: there is no such folder. Expected a local Hugging Face folder; models are not downloaded.");

    /// <summary>A reward model scores the sampled ids themselves, so both must number tokens alike.</summary>
    private static void RequireSameTokenizer(string actor, string reward)
    {
        const string Name = "tokenizer.json";
        string actorFile = Path.Combine(actor, Name);
        string rewardFile = Path.Combine(reward, Name);
        if (File.Exists(actorFile) && File.Exists(rewardFile)
            && !File.ReadAllBytes(actorFile).AsSpan().SequenceEqual(File.ReadAllBytes(rewardFile)))
        {
            throw new ProximaException(
                ExitCode.Data,
                $"reward_model_name_or_path = {reward}: its {Name} differs from the actor's. This version scores the sampled ids themselves; "
                + "give a reward model with the actor's tokenizer.");
        }
    }

    /// <summary>What the lines of a task must hold for a mix of reward functions.</summary>
    private static DialogueKind KindFor(string? rewardFunctions) =>
        RewardFunctionMix.Names(rewardFunctions, RewardFunctionMix.ExactAnswer) ? DialogueKind.LabelledPrompt : DialogueKind.Prompt;

    private static DialogueTask LoadTask(string path, DialogueKind kind, TaskSettings settings, List<string> notes)
    {
        DialogueTask task = DialogueTask.Load(
            path, kind, settings.SkipInvalidData ? InvalidLines.SkipAndReport : InvalidLines.Refuse);
        foreach (DialogueFile file in task.Files.Where(file => file.SkippedCount > 0))
        {
            notes.Add($"{file.Path}: {file.SkippedCount} of {file.SkippedCount + file.Dialogues.Count} lines skipped; the first: {file.Skipped[0]}");
        }

        return task;
    }
}
