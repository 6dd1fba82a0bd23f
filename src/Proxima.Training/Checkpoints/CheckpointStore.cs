using System.Text.Json;
using System.Text.Json.Serialization;
using Proxima.Core;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;

namespace Proxima.Training.Checkpoints;

/// <summary>
/// Writes and reads checkpoint-N: actor/ and critic/ as Hugging Face folders, optimizer-rankR.safetensors (float32 weights and
/// moments, each rank of a sharding group its part), trainer_state.json and manifest.json. A checkpoint appears whole or not at all. With
/// async_save a copy of the state is written by a thread of its own while the run goes on, one checkpoint at a time.
/// </summary>
/// <param name="folder">the run's folder</param>
/// <param name="state">what is saved</param>
/// <param name="saveModels">writes actor/ and critic/ into the folder it gets, with the weights it gets</param>
/// <param name="run">how many checkpoints stay, and whether they are written in the background</param>
/// <param name="work">the ranks: the leading one writes all but the parts of the optimizers</param>
public sealed class CheckpointStore(RunFolder folder, TrainingState state, Action<string, LearnedNumbers> saveModels, RunSettings run, SharedWork work)
    : IDisposable
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter<ComputeKernel>(JsonNamingPolicy.SnakeCaseLower), new JsonStringEnumConverter() },
        WriteIndented = true,
    };

    private readonly OptimizerShards _optimizers = new(state.Optimizers);

    /// <summary>Steps whose checkpoints are of this run's course: this process wrote them, or goes on from them.</summary>
    private readonly HashSet<int> _saved = [];

    /// <summary>The checkpoint that is being written in the background.</summary>
    private Task _writing = Task.CompletedTask;

    /// <summary>
    /// Whether the state after a step is saved already, or copied to be; one that an earlier process left does not count, for it may be of another
    /// course.
    /// </summary>
    public bool Has(int step) => _saved.Contains(step);

    /// <summary>Saves the state after a step and takes away what save_total_limit no longer allows. An earlier one is on the disk before.</summary>
    /// <param name="step">last step taken</param>
    /// <param name="beforeItAppears">
    /// called when nothing but the name of the checkpoint is missing, or, with async_save, when the state is copied: lines that are to outlive
    /// with the checkpoint
    /// </param>
    public void Save(int step, Action beforeItAppears)
    {
        Write(step, beforeItAppears);
        _saved.Add(step);
    }

    /// <summary>Ends the run when the checkpoint in the background could not be written. Waits for nothing.</summary>
    public void ThrowIfFailed()
    {
        if (_writing.IsFaulted)
        {
            FinishWriting();
        }
    }

    /// <summary>Waits until the checkpoint in the background is on the disk. What went wrong there is thrown here.</summary>
    public void FinishWriting()
    {
        Task writing = _writing;
        _writing = Task.CompletedTask;
        writing.GetAwaiter().GetResult();
    }

    /// <summary>Saves the state after a step anew where it was saved before: an evaluation has changed it.</summary>
    public void Renew(int step)
    {
        if (Has(step))
        {
            Write(step, () => { });
        }
    }

    /// <summary>Goes back to the last boundary between two steps and saves it; the models have not changed since.</summary>
    /// <returns>path of the checkpoint</returns>
    public string SaveBoundary()
    {
        TrainerState boundary = state.Boundary ?? throw new InvalidOperationException("no boundary was marked");
        FinishWriting();
        state.Restore(boundary);
        if (!Has(boundary.Step))
        {
            WriteWithAllRanks(boundary.Step, () => { }); // nothing is left to be done beside it
            _saved.Add(boundary.Step);
        }

        return folder.Checkpoints.PathOf(boundary.Step);
    }

    /// <summary>
    /// Waits for the checkpoint in the background. Where it could not be written and nobody was told, the run has failed before; it is then not there, and
    /// earlier ones are whole.
    /// </summary>
    public void Dispose() => Task.WaitAny(_writing);

    private void Write(int step, Action beforeItAppears)
    {
        FinishWriting();
        if (run.AsyncSave)
        {
            WriteBehind(step, beforeItAppears);
        }
        else
        {
            WriteWithAllRanks(step, beforeItAppears);
        }

        work.Ranks.Barrier("the checkpoint"); // the next collective may be one that a stop shortens, and a disk may take longer
    }

    /// <summary>The leading rank has everything: async_save is refused where optimizers are sharded.</summary>
    private void WriteBehind(int step, Action beforeItStarts)
    {
        if (!work.Leads)
        {
            return;
        }

        LearnedNumbers copy = LearnedNumbers.CopyOf(state.Optimizers);
        TrainerState captured = state.Capture(step);
        beforeItStarts();
        _writing = Task.Factory.StartNew(
            () =>
            {
                using (copy)
                {
                    Replace(captured, copy, path => _optimizers.Write(path, copy), () => { });
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void WriteWithAllRanks(int step, Action beforeItAppears)
    {
        foreach (ModelOptimizer optimizer in state.Optimizers)
        {
            optimizer.Shards.GatherMasters();
        }

        using LearnedNumbers numbers = LearnedNumbers.Of(state.Optimizers);
        if (work.Leads)
        {
            Replace(state.Capture(step), numbers, WriteParts, beforeItAppears);
        }
        else
        {
            WriteParts("");
        }

        foreach (ModelOptimizer optimizer in state.Optimizers)
        {
            optimizer.Shards.ReleaseMasters();
        }

        void WriteParts(string path)
        {
            _optimizers.Write(work.Lead("folder of the checkpoint", path), numbers);
            work.Ranks.Barrier("the parts of the checkpoint");
        }
    }

    /// <summary>Puts a checkpoint in its place, and takes away what save_total_limit no longer allows.</summary>
    /// <param name="captured">the state that is no tensor</param>
    /// <param name="numbers">weights and moments</param>
    /// <param name="writeOptimizers">writes the optimizer files of all ranks into the folder it gets</param>
    /// <param name="beforeItAppears">called when nothing but the name is missing</param>
    private void Replace(TrainerState captured, LearnedNumbers numbers, Action<string> writeOptimizers, Action beforeItAppears)
    {
        AtomicFolder.Replace(folder.Checkpoints.PathOf(captured.Step), Fill, () =>
        {
            beforeItAppears();
            folder.FlushLogs(run.LoggingDir ?? folder.EventsPath);
        });
        RemoveOldest(captured.Best);

        void Fill(string path)
        {
            saveModels(path, numbers);
            writeOptimizers(path);
            string text = JsonSerializer.Serialize(captured with { Shards = _optimizers.Manifest() }, Options);
            File.WriteAllText(Path.Combine(path, RunFolder.TrainerStateName), text);
            CheckpointManifest.Write(path);
        }
    }

    /// <summary>The checkpoint that resume_from_checkpoint names.</summary>
    /// <param name="folder">the run's folder</param>
    /// <param name="run">which checkpoint is wanted</param>
    /// <param name="note">told of damaged ones that are passed over</param>
    /// <returns>its path; null when there is nothing to go on from</returns>
    /// <exception cref="ProximaException">it names a folder that is no checkpoint, or one that is damaged; or none is whole</exception>
    public static string? Find(RunFolder folder, RunSettings run, Action<string> note)
    {
        if (run.ResumeFromCheckpoint is not { } wanted)
        {
            return null;
        }

        if (wanted == "auto")
        {
            return folder.Checkpoints.NewestWhole(note);
        }

        if (!File.Exists(Path.Combine(wanted, RunFolder.TrainerStateName)))
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"resume_from_checkpoint = {wanted}: no {RunFolder.TrainerStateName} is there. Expected a checkpoint folder, or auto for the newest in output_dir.");
        }

        RequireWhole(wanted);
        return wanted;
    }

    /// <summary>Goes back to the state after a step of this run.</summary>
    /// <exception cref="ProximaException">its checkpoint is damaged</exception>
    public void GoBackTo(int step)
    {
        FinishWriting();
        work.Ranks.Barrier("the checkpoint to load"); // it may just have been written
        RequireWhole(folder.Checkpoints.PathOf(step));
        Load(folder.Checkpoints.PathOf(step));
    }

    /// <summary>What a checkpoint holds beside tensors.</summary>
    /// <exception cref="ProximaException">it is damaged</exception>
    public static TrainerState Read(string path)
    {
        string statePath = Path.Combine(path, RunFolder.TrainerStateName);
        try
        {
            return JsonSerializer.Deserialize<TrainerState>(File.ReadAllText(statePath), Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new ProximaException(
                ExitCode.Data, $"{statePath} is damaged: {exception.Message} Resume from another checkpoint.", exception);
        }
    }

    /// <summary>Takes over a checkpoint.</summary>
    /// <returns>its step</returns>
    /// <exception cref="ProximaException">it is damaged, of other models, or of another seed</exception>
    public int Load(string path)
    {
        TrainerState saved = Read(path);
        if (saved.Seed != run.Seed)
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"seed = {run.Seed}, but {path} was made with {saved.Seed}: its data order would not go on. Give --seed {saved.Seed}.");
        }

        _optimizers.Read(path, saved.Shards);
        state.Restore(saved);
        if (Path.GetFullPath(path) == folder.Checkpoints.PathOf(saved.Step))
        {
            _saved.Add(saved.Step);
        }

        return saved.Step;
    }

    /// <summary>The newest that are complete stay, and that of the best model when the run ends with it.</summary>
    private void RemoveOldest(BestModel best)
    {
        if (run.SaveTotalLimit is not int limit)
        {
            return;
        }

        IEnumerable<int> removable = folder.Checkpoints.CompleteSteps().SkipLast(Math.Max(1, limit));
        foreach (int step in removable.Where(step => !(run.LoadBestModelAtEnd && step == best.Step)))
        {
            AtomicFolder.Delete(folder.Checkpoints.PathOf(step));
        }
    }

    private static void RequireWhole(string path)
    {
        if (CheckpointManifest.Damage(path) is { } damage)
        {
            throw new ProximaException(
                ExitCode.Data, $"{path} is not whole: {damage.TrimEnd('.')}. Resume from another checkpoint; resume_from_checkpoint auto finds the newest whole one.");
        }
    }
}
