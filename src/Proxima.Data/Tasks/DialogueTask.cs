using Proxima.Data.Dialogues;
using Proxima.Data.Examples;

namespace Proxima.Data.Tasks;

/// <summary>A task with its data in memory.</summary>
public sealed record DialogueTask
{
    /// <summary>The sources in the order of the task file.</summary>
    public required IReadOnlyList<TaskSource> Sources { get; init; }

    /// <summary>What was read from each source.</summary>
    public required IReadOnlyList<DialogueFile> Files { get; init; }

    /// <summary>Lines of all sources together.</summary>
    public long LineCount => Files.Sum(file => (long)file.Dialogues.Count);

    /// <summary>Every line in the order of the task file.</summary>
    public IEnumerable<Dialogue> Dialogues => Files.SelectMany(file => file.Dialogues);

    /// <summary>The line that was drawn.</summary>
    public Dialogue this[TaskDraw draw] => Files[draw.Source].Dialogues[draw.Line];

    /// <summary>Reads a task file and all its data.</summary>
    /// <exception cref="Core.ProximaException">the task file or its data are wrong</exception>
    public static DialogueTask Load(
        string taskFile, DialogueKind kind, InvalidLines invalidLines, ReplyEnding ending = ReplyEnding.EndOfTurn) =>
        Load(TaskFile.Load(taskFile), kind, invalidLines, ending);

    /// <summary>Reads all data of a task.</summary>
    /// <exception cref="Core.ProximaException">the data are wrong</exception>
    public static DialogueTask Load(
        TaskFile taskFile, DialogueKind kind, InvalidLines invalidLines, ReplyEnding ending = ReplyEnding.EndOfTurn) =>
        new()
        {
            Sources = taskFile.Sources,
            Files = [.. taskFile.Sources.Select(source => DialogueReader.Read(source.FilePath, kind, invalidLines, ending))],
        };

    /// <summary>
    /// The task with every line put through <paramref name="expand"/>, for data of which one line gives several examples;
    /// they then count as lines of their own.
    /// </summary>
    public DialogueTask Expand(Func<Dialogue, IEnumerable<Dialogue>> expand) => this with
    {
        Files = [.. Files.Select(file => file with { Dialogues = [.. file.Dialogues.SelectMany(expand)] })],
    };

    /// <summary>The order in which the lines are seen.</summary>
    public TaskMixer CreateMixer(long seed, TaskPurpose purpose) =>
        new([.. Files.Select(file => file.Dialogues.Count)], [.. Sources.Select(source => source.Weight)], seed, purpose);
}
