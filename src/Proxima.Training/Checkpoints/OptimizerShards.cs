using Proxima.Core;
using Proxima.Models.Weights;
using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Training.Checkpoints;

/// <summary>
/// The optimizer files of a checkpoint: each rank of a sharding group writes the float32 weights and moments that it holds, and
/// trainer_state.json lists what is where. Any number of ranks reads them.
/// </summary>
internal sealed class OptimizerShards(IReadOnlyList<ModelOptimizer> optimizers)
{
    private const string Weights = "weights";
    private const string FirstMoments = "first_moments";
    private const string SecondMoments = "second_moments";

    /// <summary>The file of one rank of a group.</summary>
    public static string FileName(int rank) => $"optimizer-rank{rank}.safetensors";

    /// <summary>Writes what this rank holds. Of the ranks that hold the same only the first writes.</summary>
    /// <param name="folder">of the checkpoint</param>
    /// <param name="numbers">of the models</param>
    public void Write(string folder, LearnedNumbers numbers)
    {
        if (optimizers[0].Shards.Ranks.Replicas.Rank != 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = [];
        foreach (ModelOptimizer optimizer in optimizers)
        {
            FlatRange part = optimizer.Shards.Part;
            foreach ((string name, Tensor flat) in Buffers(optimizer, numbers))
            {
                tensors.Add($"{optimizer.ModelName}.{name}", flat.narrow(0, part.Start, part.Count));
            }
        }

        SafetensorsWriter.Write(Path.Combine(folder, FileName(optimizers[0].Shards.Ranks.Group.Rank)), tensors, SafetensorsWriter.TorchMetadata);
    }

    /// <summary>What the files of all ranks of a group hold.</summary>
    public IReadOnlyList<OptimizerShard> Manifest() =>
    [
        .. Enumerable.Range(0, optimizers[0].Shards.Ranks.Group.Size).Select(rank => new OptimizerShard(
            FileName(rank), optimizers.ToDictionary(optimizer => optimizer.ModelName, optimizer => optimizer.Shards.Parts[rank]))),
    ];

    /// <summary>Takes over the weights, and the moments that this rank holds.</summary>
    /// <param name="folder">of the checkpoint</param>
    /// <param name="manifest">what its files hold; null: one file, everything</param>
    /// <exception cref="ProximaException">a file is damaged or of other models</exception>
    public void Read(string folder, IReadOnlyList<OptimizerShard>? manifest)
    {
        using var noGrad = no_grad();
        using LearnedNumbers numbers = LearnedNumbers.Of(optimizers);
        foreach (OptimizerShard shard in manifest ?? [new OptimizerShard(FileName(0), optimizers.ToDictionary(o => o.ModelName, o => new FlatRange(0, o.Parameters.Count)))])
        {
            string path = Path.Combine(folder, shard.File);
            using SafetensorsFile file = SafetensorsFile.Open(path);
            foreach (ModelOptimizer optimizer in optimizers)
            {
                Read(file, optimizer, numbers, shard.Parts.GetValueOrDefault(optimizer.ModelName));
            }
        }

        foreach (ModelOptimizer optimizer in optimizers)
        {
            optimizer.Shards.TakeOver();
        }
    }

    private static void Read(SafetensorsFile file, ModelOptimizer optimizer, LearnedNumbers numbers, FlatRange stored)
    {
        foreach ((string name, Tensor flat) in Buffers(optimizer, numbers))
        {
            using var scope = NewDisposeScope();
            string key = $"{optimizer.ModelName}.{name}";
            StoredTensor? tensor = file.Header.Tensors.FirstOrDefault(found => found.Name == key);
            if (tensor is null || tensor.Shape is not [var count] || count != stored.Count || stored.End > flat.numel())
            {
                throw new ProximaException(
                    ExitCode.Data,
                    $"{file.Path}: {key} has {(object?)tensor?.Shape[0] ?? "no"} numbers, {stored.Count} of {flat.numel()} were expected. "
                    + "The checkpoint is of other models; resume with the models of the run.");
            }

            FlatRange wanted = stored.Overlap(name == Weights ? new FlatRange(0, flat.numel()) : optimizer.Shards.Part);
            if (wanted.Count > 0)
            {
                flat.narrow(0, wanted.Start, wanted.Count).copy_(file.Read(key).narrow(0, wanted.Start - stored.Start, wanted.Count));
            }
        }
    }

    private static (string Name, Tensor Flat)[] Buffers(ModelOptimizer optimizer, LearnedNumbers numbers)
    {
        (Tensor weights, Tensor firstMoments, Tensor secondMoments) = numbers.Flat(optimizer.ModelName);
        return [(Weights, weights), (FirstMoments, firstMoments), (SecondMoments, secondMoments)];
    }
}
