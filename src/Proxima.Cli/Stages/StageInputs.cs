using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Core.Stages;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Data.Tasks;
using Proxima.Models;
using Proxima.Text;
using Proxima.Text.Templates;
using Proxima.Training.Checkpoints;

namespace Proxima.Cli.Stages;

/// <summary>Everything that a stage before PPO reads but weights. All of it is read and checked before any weight is.</summary>
/// <typeparam name="TRoot">root settings record</typeparam>
internal sealed record StageInputs<TRoot>
    where TRoot : class, IStageSettings
{
    private const string ConfigName = "config.json";

    /// <summary>The settings with what the model decides.</summary>
    public required TRoot Settings { get; init; }

    public required RunFolder Folder { get; init; }

    /// <summary>Where the model, or its config.json, and the tokenizer come from.</summary>
    public required string ModelFolder { get; init; }

    public required DialogueEncoder Encoder { get; init; }

    /// <summary>A line of supervised data may have become several.</summary>
    public required DialogueTask TrainingTask { get; init; }

    /// <summary>Null without eval_task_config.</summary>
    public required DialogueTask? EvaluationTask { get; init; }

    public required StagePlan Plan { get; init; }

    /// <summary>The checkpoint that the run goes on from; null when it starts anew.</summary>
    public required string? Checkpoint { get; init; }

    /// <summary>Lines to print once.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Held-out lines of an evaluation: all, or those of max_evaluate_steps batches.</summary>
    public IEnumerable<Dialogue> EvaluationLines => Settings.Run.MaxEvaluateSteps < 0
        ? EvaluationTask!.Dialogues
        : EvaluationTask!.Dialogues.Chunk(Settings.Batch.PerDeviceEvalBatchSize).Take(Settings.Run.MaxEvaluateSteps).SelectMany(batch => batch);

    /// <summary>Reads and checks.</summary>
    /// <param name="loaded">settings without a mistake</param>
    /// <param name="kind">what the lines of its data must hold</param>
    /// <param name="withData">the settings with other data settings</param>
    /// <param name="ranks">ranks of the run</param>
    /// <exception cref="ProximaException">anything is missing or wrong; nothing has been touched</exception>
    public static StageInputs<TRoot> Load(
        LoadedSettings<TRoot> loaded, DialogueKind kind, Func<TRoot, StageDataSettings, TRoot> withData, int ranks)
    {
        TRoot settings = loaded.Settings;
        RankedRun.RequireGroups(settings.Machine, ranks);
        RunFolder folder = RunFolder.Check(settings.Run, loaded.Inputs);
        string modelFolder = settings.Model.InitFromConfig is { } init
            ? FolderOfConfig(init, settings.Model.FollowModelLinks)
            : InputFiles.ModelFolder("model_name_or_path", settings.Model.ModelNameOrPath!, settings.Model.FollowModelLinks);
        ModelConfig config = ModelConfig.Load(modelFolder);
        Tokenizer tokenizer = Tokenizer.Load(modelFolder);
        CheckVocabulary(modelFolder, tokenizer, config);
        int maxSeqLen = SequenceLengths.Limit(settings.Data.MaxSeqLen, loaded.Written.Contains("max_seq_len"), config.MaxPositions);
        ReplyEnding ending = settings.Data.IgnoreEos ? ReplyEnding.None : ReplyEnding.EndOfTurn;
        DialogueEncoder encoder = DialogueEncoder.Create(tokenizer, ChatTemplate.Load(modelFolder), ending);
        List<string> notes = [.. tokenizer.Notes];
        DialogueTask training = Task(settings.Data.TrainTaskConfig!);
        encoder.RenderPrompt(training.Dialogues.First()); // a template that refuses every dialogue shows before anything is written
        DialogueTask? evaluation = settings.Data.EvalTaskConfig is { } path ? Task(path) : null;
        string? checkpoint = CheckpointStore.Find(folder, settings.Run, notes.Add);
        return new StageInputs<TRoot>
        {
            Settings = withData(settings, settings.Data with { MaxSeqLen = maxSeqLen }),
            Folder = folder,
            ModelFolder = modelFolder,
            Encoder = encoder,
            TrainingTask = training,
            EvaluationTask = evaluation,
            Plan = StagePlan.Create(settings, training.LineCount, ranks),
            Checkpoint = checkpoint,
            Notes = [.. notes, .. encoder.Notes],
        };

        DialogueTask Task(string taskFile)
        {
            DialogueTask task = InputFiles.Task(taskFile, kind, settings.Data.SkipInvalidData, notes, ending);
            return kind == DialogueKind.Supervised ? task.Expand(encoder.Expand) : task;
        }
    }

    /// <summary>init_from_config is a folder, or the config.json in it.</summary>
    private static string FolderOfConfig(string path, bool followsLinks) => InputFiles.ModelFolder(
        "init_from_config",
        Path.GetFileName(path) == ConfigName && File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path, // not null: it has a name
        followsLinks);

    private static void CheckVocabulary(string folder, Tokenizer tokenizer, ModelConfig config)
    {
        if (tokenizer.VocabularySize > config.VocabularySize)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{Path.Combine(folder, ConfigName)}: vocab_size is {config.VocabularySize}, the tokenizer has {tokenizer.VocabularySize} tokens. "
                + "Expected a row of the embedding for each token; raise vocab_size or take the model's own tokenizer.");
        }
    }
}
