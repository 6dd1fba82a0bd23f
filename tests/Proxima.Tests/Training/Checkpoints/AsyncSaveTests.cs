using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Data.Tasks;
using Proxima.Models.Weights;
using Proxima.TestSupport;
using Proxima.Training;
using Proxima.Training.Checkpoints;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Checkpoints;

/// <summary>What async_save does between two steps and behind them. The disk is as slow as a test wants: writing waits for it.</summary>
public sealed class AsyncSaveTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryFolder _folder = new();
    private readonly Parameter _weight = new(arange(6, dtype: ScalarType.Float32));
    private readonly ModelOptimizer _optimizer;
    private readonly TrainingState _state;
    private readonly ManualResetEventSlim _disk = new(initialState: true);
    private readonly List<CheckpointStore> _stores = [];
    private Exception? _failure;

    public AsyncSaveTests()
    {
        _optimizer = new ModelOptimizer(
            "model", [("head.weight", _weight)], new LearningRateSchedule { Type = SchedulerType.Constant, Peak = 0.5, DecaySteps = 1 }, new OptimizerSettings(), weightDecay: 0, lossScale: new LossScale());
        _state = new TrainingState(
            seed: 42, new TaskMixer([9], [1], seed: 42, TaskPurpose.Training), [_optimizer], new MetricAccumulator(), TrainingPrecision.Of(new MachineSettings(), earlierProducts: null));
    }

    public void Dispose()
    {
        _disk.Set();
        _stores.ForEach(store => store.Dispose());
        _optimizer.Dispose();
        _weight.Dispose();
        _disk.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_written_behind_a_step_is_the_state_at_its_end_byte_for_byte()
    {
        Store("before", asyncSave: false).Save(1, () => { });
        CheckpointStore store = Store("behind", asyncSave: true);
        _disk.Reset();

        store.Save(1, () => { });
        Learn();
        Assert.True(store.Has(1));
        Assert.False(Directory.Exists(_folder.At("behind", "checkpoint-1")), "the disk has not moved, and the checkpoint is there");
        _disk.Set();
        store.FinishWriting();

        Assert.Equal(Files("before"), Files("behind"));
        Assert.Null(CheckpointManifest.Damage(_folder.At("behind", "checkpoint-1")));
    }

    [Fact]
    public async Task The_next_checkpoint_waits_for_the_one_before()
    {
        CheckpointStore store = Store("run", asyncSave: true);
        _disk.Reset();
        store.Save(1, () => { });

        bool lineIsWritten = false;
        Task second = Task.Factory.StartNew(
            () => store.Save(2, () => lineIsWritten = true), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Assert.ThrowsAsync<TimeoutException>(() => second.WaitAsync(Moment, TestContext.Current.CancellationToken));
        Assert.False(lineIsWritten);
        _disk.Set();
        await second.WaitAsync(Patience, TestContext.Current.CancellationToken);
        store.FinishWriting();

        Assert.True(lineIsWritten);
        Assert.Equal([1, 2], Checkpoints("run").CompleteSteps());
    }

    [Fact]
    public void A_failure_behind_a_step_is_thrown_at_the_next_boundary_and_leaves_what_was_there()
    {
        CheckpointStore store = Store("run", asyncSave: true);
        store.Save(1, () => { });
        store.FinishWriting();
        _failure = new IOException("No space left on device");
        store.Save(2, () => { });

        Assert.True(SpinWait.SpinUntil(() => Record.Exception(store.ThrowIfFailed) == _failure, Patience));
        Assert.Equal([1], Checkpoints("run").CompleteSteps());
        Assert.DoesNotContain(_folder.Entries(), entry => entry.Contains("partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_waits_for_the_checkpoint_and_saves_no_second_one()
    {
        CheckpointStore store = Store("run", asyncSave: true);
        _disk.Reset();
        _state.MarkBoundary(3);
        store.Save(3, () => { });
        Learn();

        Task<string> stop = Task.Factory.StartNew(store.SaveBoundary, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Assert.ThrowsAsync<TimeoutException>(() => stop.WaitAsync(Moment, TestContext.Current.CancellationToken));
        _disk.Set();

        Assert.Equal(_folder.At("run", "checkpoint-3"), await stop.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal([3], Checkpoints("run").CompleteSteps());
    }

    [Fact]
    public async Task Loading_waits_for_the_checkpoint_and_brings_back_weights_counters_and_loss_scale()
    {
        CheckpointStore store = Store("run", asyncSave: true);
        float[] weights = _weight.data<float>().ToArray();
        _optimizer.LossScale!.State = new LossScaleState(8, 5);
        _disk.Reset();
        store.Save(1, () => { });
        Learn();
        _optimizer.LossScale.State = new LossScaleState(4, 0);

        Task load = Task.Factory.StartNew(() => store.GoBackTo(1), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Assert.ThrowsAsync<TimeoutException>(() => load.WaitAsync(Moment, TestContext.Current.CancellationToken));
        _disk.Set();
        await load.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(weights, _weight.data<float>().ToArray());
        Assert.Equal(0, _optimizer.Steps);
        Assert.Equal(new LossScaleState(8, 5), _optimizer.LossScale.State);
    }

    /// <summary>Whatever later evaluations say: it was the best when its successor was taken.</summary>
    [Fact]
    public void The_best_model_of_the_time_of_the_copy_stays()
    {
        CheckpointStore store = Store("run", asyncSave: true, limit: 1);
        _state.Best = new BestModel(1, 0.5, 0);
        store.Save(1, () => { });
        store.Save(2, () => { });
        store.FinishWriting();
        _disk.Reset();

        store.Save(3, () => { });
        _state.Best = new BestModel(4, 0.6, 0);
        _disk.Set();
        store.FinishWriting();
        Assert.Equal([1, 3], Checkpoints("run").CompleteSteps());

        store.Save(4, () => { });
        store.FinishWriting();
        Assert.Equal([4], Checkpoints("run").CompleteSteps());
    }

    private CheckpointStore Store(string name, bool asyncSave, int? limit = null)
    {
        var run = new RunSettings { OutputDir = _folder.At(name), AsyncSave = asyncSave, SaveTotalLimit = limit, LoadBestModelAtEnd = true };
        Directory.CreateDirectory(run.OutputDir);
        CheckpointStore store = new(RunFolder.Of(run), _state, SaveModel, run, SharedWork.Alone());
        _stores.Add(store);
        return store;
    }

    private CheckpointFolders Checkpoints(string name) => new(_folder.At(name));

    private void SaveModel(string folder, LearnedNumbers numbers)
    {
        Assert.True(_disk.Wait(Patience), "the test never lets the disk move");
        if (_failure is not null)
        {
            throw _failure;
        }

        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), numbers.Weights("model"), SafetensorsWriter.TorchMetadata);
    }

    /// <summary>Changes weights, moments and counters.</summary>
    private void Learn()
    {
        (_weight * 3).sum().backward();
        Assert.Null(_optimizer.Step(loss: 1).Skipped);
        _state.Best = new BestModel(7, 1, 0);
    }

    /// <summary>Name → content of all files of the first checkpoint.</summary>
    private SortedDictionary<string, string> Files(string name) => new(
        Directory.GetFiles(_folder.At(name, "checkpoint-1")).ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexString(File.ReadAllBytes(file))), StringComparer.Ordinal);
}
