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
/// moments, each rank of a sharding group its part), trainer_state.json and manifest.json. A checkpoint appears whole or not at all.
/// </summary>
/// <param name="folder">the run's folder</param>
/// <param name="state">what is saved</param>
/// <param name="saveModels">writes actor/ and critic/ into the folder it gets</param>
/// <param name="run">how many checkpoints stay</param>
/// <param name="work">the ranks: the leading one writes all but the parts of the optimizers</param>
public sealed class CheckpointStore(RunFolder folder, TrainingState state, Action<string> saveModels, RunSettings run, SharedWork work)
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

    /// <summary>Whether the state after a step is saved already; one that an earlier process left does not count, for it may be of another course.</summary>
    public bool Has(int step) => _saved.Contains(step);

    /// <summary>Saves the state after a step and takes away what save_total_limit no longer allows.</summary>
    /// <param name="step">last step taken</param>
    /// <param name="beforeItAppears">called when all is written and nothing but the name is missing: lines that are to outlive with the checkpoint</param>
    public void Save(int step, Action beforeItAppears)
    {
        Write(step, beforeItAppears);
        _saved.Add(step);
        RemoveOldest();
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
        state.Restore(boundary);
        if (!Has(boundary.Step))
        {
            Save(boundary.Step, () => { });
        }

        return folder.Checkpoints.PathOf(boundary.Step);
    }

    private void Write(int step, Action beforeItAppears)
    {
        foreach (ModelOptimizer optimizer in state.Optimizers)
        {
            optimizer.Shards.GatherMasters();
        }

        if (work.Leads)
        {
            AtomicFolder.Replace(folder.Checkpoints.PathOf(step), Fill, () =>
            {
                beforeItAppears();
                folder.FlushLogs(run.LoggingDir ?? folder.EventsPath);
            });
        }
        else
        {
            FillShare(work.Lead("folder of the checkpoint", ""));
        }

        foreach (ModelOptimizer optimizer in state.Optimizers)
        {
            optimizer.Shards.ReleaseMasters();
        }

        void Fill(string path)
        {
            saveModels(path);
            FillShare(work.Lead("folder of the checkpoint", path));
            TrainerState captured = state.Capture(step) with { Shards = _optimizers.Manifest() };
            File.WriteAllText(Path.Combine(path, RunFolder.TrainerStateName), JsonSerializer.Serialize(captured, Options));
            CheckpointManifest.Write(path);
        }
    }

    private void FillShare(string path)
    {
        _optimizers.Write(path);
        work.Ranks.Barrier("the parts of the checkpoint");
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
    private void RemoveOldest()
    {
        if (!work.Leads || run.SaveTotalLimit is not int limit)
        {
            return;
        }

        IEnumerable<int> removable = folder.Checkpoints.CompleteSteps().SkipLast(Math.Max(1, limit));
        foreach (int step in removable.Where(step => !(run.LoadBestModelAtEnd && step == state.Best.Step)))
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
