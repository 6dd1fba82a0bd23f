namespace Proxima.Core.Runs;

/// <summary>The checkpoint that resume_from_checkpoint asks for.</summary>
/// <param name="Path">a whole checkpoint; null when there is nothing to go on from</param>
/// <param name="Notes">damaged ones that were passed over, with the reasons</param>
public sealed record ResumePoint(string? Path, IReadOnlyList<string> Notes)
{
    private const string Auto = "auto";

    /// <summary>Looks for it. Every byte of it is read.</summary>
    /// <param name="checkpoints">those of the run</param>
    /// <param name="wanted">resume_from_checkpoint: a folder, or auto for the newest whole one of the run; null: none</param>
    /// <exception cref="ProximaException">it names a folder that is no checkpoint, or one that is damaged; or none is whole</exception>
    public static ResumePoint Find(CheckpointFolders checkpoints, string? wanted)
    {
        List<string> notes = [];
        switch (wanted)
        {
            case null:
                return new ResumePoint(null, notes);
            case Auto:
                return new ResumePoint(checkpoints.NewestWhole(notes.Add), notes);
        }

        if (!File.Exists(System.IO.Path.Combine(wanted, RunFolder.TrainerStateName)))
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"resume_from_checkpoint = {wanted}: no {RunFolder.TrainerStateName} is there. Expected a checkpoint folder, or auto for the newest in output_dir.");
        }

        CheckpointFolders.RequireWhole(wanted);
        return new ResumePoint(wanted, notes);
    }
}
