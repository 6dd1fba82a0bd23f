using System.Runtime.InteropServices;
using Proxima.Core.Settings;
using Proxima.Distributed;
using Proxima.Models;
using Proxima.Models.Native;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using static TorchSharp.torch;

namespace Proxima.Parallel.Worker;

/// <summary>What of a model's buffers takes memory, asked of the kernel page by page, while it learns.</summary>
internal static unsafe partial class MemoryChecks
{
    private static long MostGradients;
    private static long MostWeights;

    public static void Run(ICommunicator ranks, string folder, Sharding stage)
    {
        LibTorch.Load();
        set_num_threads(1);
        using CausalLanguageModel model = ModelFolder.LoadCausal(folder, ScalarType.Float32);
        using ShardedRanks sharded = ShardedRanks.Of(ranks, stage, degree: null);
        OptimizerSettings settings = new();
        using var optimizer = new ModelOptimizer(
            "actor", model.NamedParameters(), LearningRateSchedule.ForActor(settings, 100), settings, weightDecay: 0, ranks: sharded);
        optimizer.Follow(model.Decoder);
        using CausalLanguageModel reference = ModelFolder.LoadCausal(folder, ScalarType.Float32);
        using FrozenShards? frozen = FrozenShards.Of("reference", reference.NamedParameters(), sharded);
        Dictionary<ModelRole, IDividedWeights> divided = new() { [ModelRole.Actor] = optimizer.Weights };
        if (frozen is not null)
        {
            divided.Add(ModelRole.Reference, frozen);
        }

        var weights = new RestingWeights(divided);
        weights.Rest();
        float* firstOfReference = (float*)Address(reference.NamedParameters()[0].Value.view(-1)); // all of them lie behind it where they are divided
        long Frozen() => frozen is null ? 0 : Resident(firstOfReference, optimizer.Parameters.Count);
        long restingWeights = Resident(optimizer.Parameters.FirstValue, optimizer.Parameters.Count);
        long resting = Frozen();
        long scoring;
        using (weights.Whole(ModelRole.Reference))
        {
            scoring = Frozen();
        }

        CollectiveChecks.Require(Frozen() <= resting, "the reference stays whole after it has scored");
        if (model.Decoder.Watch is { } watch)
        {
            model.Decoder.Watch = new LayerWatch(
                layer => Measure(optimizer, () => watch.BeforeForward(layer)),
                layer => Measure(optimizer, () => watch.AfterForward(layer)),
                layer => Measure(optimizer, () => watch.BeforeBackward(layer)),
                layer => Measure(optimizer, () => watch.AfterBackward(layer)));
        }

        for (int step = 0; step < 2; step++)
        {
            Backward(model);
            optimizer.EndMicroBatch();
            Measure(optimizer, () => { });
            optimizer.Step(loss: 1);
        }

        long gradients = Resident(optimizer.Parameters.FirstGradient, optimizer.Parameters.Count);
        long sums = stage == Sharding.None ? 0 : Resident(optimizer.Shards.FirstGradient, optimizer.Parameters.Count);
        long moments = Resident((float*)Address(optimizer.FirstMoments), optimizer.Parameters.Count);
        Console.WriteLine(
            $"rank {ranks.Rank}: model {optimizer.Parameters.Count * sizeof(float)} moments {moments} gradients {gradients} most {MostGradients} sums {sums} "
            + $"weights {restingWeights} most {MostWeights} layer {optimizer.Parameters.MatricesOf(model.Config.Traits.Names.Layer(0)).Count * sizeof(float)} "
            + $"layers {model.Config.LayerCount} frozen {resting} scoring {scoring};");
    }

    private static void Backward(CausalLanguageModel model)
    {
        using var scope = NewDisposeScope();
        var ids = arange(1, 65, dtype: ScalarType.Int64).view(2, 32); // [B, T]
        var positions = arange(0, 32, dtype: ScalarType.Int64).expand(2, 32); // [B, T]
        model.Decoder.Forward(ids, positions).square().sum().backward();
    }

    private static void Measure(ModelOptimizer optimizer, Action act)
    {
        Note(optimizer);
        act();
        Note(optimizer);
    }

    private static void Note(ModelOptimizer optimizer)
    {
        MostGradients = Math.Max(MostGradients, Resident(optimizer.Parameters.FirstGradient, optimizer.Parameters.Count));
        MostWeights = Math.Max(MostWeights, Resident(optimizer.Parameters.FirstValue, optimizer.Parameters.Count));
    }

    private static void* Address(Tensor tensor)
    {
        fixed (byte* first = tensor.narrow(0, 0, 1).bytes)
        {
            return first;
        }
    }

    /// <summary>Bytes of whole pages.</summary>
    private static long Resident(float* first, long numbers)
    {
        long page = Environment.SystemPageSize;
        byte* start = (byte*)((nint)first / page * page);
        long bytes = (byte*)(first + numbers) - start;
        byte[] pages = new byte[(bytes + page - 1) / page];
        fixed (byte* flags = pages)
        {
            CollectiveChecks.Require(InCore(start, (nuint)bytes, flags) == 0, "mincore failed");
        }

        return pages.LongCount(flag => (flag & 1) != 0) * page;
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int InCore(byte* first, nuint length, byte* pages);
}
