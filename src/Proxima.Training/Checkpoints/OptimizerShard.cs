using Proxima.Training.Optimization;

namespace Proxima.Training.Checkpoints;

/// <summary>One file of a checkpoint's optimizer state.</summary>
/// <param name="File">its name</param>
/// <param name="Parts">name of a model → which of its flat numbers the file holds</param>
public sealed record OptimizerShard(string File, IReadOnlyDictionary<string, FlatRange> Parts);
