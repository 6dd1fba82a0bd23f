using Proxima.Cli.Runs;
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

    public required DialogueEncoder Encoder { get; init; }

    /// <summary>Ids that end a response.</summary>
    public required IReadOnlyList<int> StopTokenIds { get; init; }

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
    public static PpoInputs Load(LoadedSettings<PpoCommandSettings> loaded)
    {
        PpoCommandSettings settings = loaded.Settings;
        RunFolder folder = RunFolder.Check(settings.Run, loaded.Inputs);
        string actor = InputFiles.ModelFolder("actor_model_name_or_path", settings.Model.ActorModelNameOrPath!);
        ModelConfig config = ModelConfig.Load(actor);
        Tokenizer tokenizer = Tokenizer.Load(actor);
        if (settings.Model.RewardModelNameOrPath is { } reward)
        {
            RequireSameTokenizer(actor, InputFiles.ModelFolder("reward_model_name_or_path", reward));
        }

        if (settings.Model.CriticModelNameOrPath is { } critic)
        {
            InputFiles.ModelFolder("critic_model_name_or_path", critic);
        }

        SamplingSettings sampling = SequenceLengths.Resolve(
            settings.Sampling, loaded.Written.Contains("max_seq_len"), config.MaxPositions);
        settings = settings with { Sampling = sampling };
        DialogueEncoder encoder = DialogueEncoder.Create(tokenizer, ChatTemplate.Load(actor), ReplyEnding.None);
        List<string> notes = [.. tokenizer.Notes, .. encoder.Notes];
        RewardSettings rewards = settings.Reward;
        DialogueKind trainingKind = KindFor(rewards.RewardFunction);
        DialogueKind evaluationKind = trainingKind == DialogueKind.Prompt ? KindFor(rewards.EvalRewardFunction) : trainingKind;
        DialogueTask? training = settings.Task.DoTrain ? InputFiles.Task(settings.Task.TrainTaskConfig!, trainingKind, settings.Task.SkipInvalidData, notes) : null;
        DialogueTask? evaluation = settings.Task.DoEval ? InputFiles.Task(settings.Task.EvalTaskConfig!, evaluationKind, settings.Task.SkipInvalidData, notes) : null;
        return new PpoInputs
        {
            Settings = settings,
            Folder = folder,
            Tokenizer = tokenizer,
            Encoder = encoder,
            StopTokenIds = sampling.StopTokenIds ?? [.. config.EosTokenIds.Union(encoder.StopIds).Order()],
            TrainingTask = training,
            Plan = training is null ? null : BatchPlan.Create(settings, training.LineCount),
            EvaluationTask = evaluation,
            EvaluationPrompts = evaluation is null
                ? null
                : [.. evaluation.Dialogues.Select(d => new Prompt(d, encoder.EncodePrompt(d, sampling.MaxPromptLen!.Value).Ids))],
            Notes = notes,
        };
    }

    /// <summary>A reward model scores the sampled ids themselves, so both must number tokens alike.</summary>
    internal static void RequireSameTokenizer(string actor, string reward)
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
    internal static DialogueKind KindFor(string? rewardFunctions) =>
        RewardFunctionMix.Names(rewardFunctions, RewardFunctionMix.ExactAnswer) ? DialogueKind.LabelledPrompt : DialogueKind.Prompt;
}
