using Proxima.Core.Metrics;
using Proxima.Data.Examples;
using Proxima.Models;

namespace Proxima.Training.Supervised;

/// <summary>The mean cross-entropy over all target tokens of held-out examples.</summary>
/// <param name="model">the model that learns</param>
/// <param name="examples">held-out examples</param>
/// <param name="batchSize">examples of one forward</param>
public sealed class SftEvaluator(CausalLanguageModel model, IReadOnlyList<EncodedExample> examples, int batchSize)
{
    /// <summary>Evaluates the model as it is now.</summary>
    /// <param name="stop">ends it between two batches</param>
    /// <exception cref="OperationCanceledException">a stop was asked for</exception>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken stop)
    {
        double sum = 0;
        foreach (EncodedExample[] rows in examples.OrderByDescending(example => example.Ids.Length).Chunk(batchSize))
        {
            stop.ThrowIfCancellationRequested();
            using var batch = new SupervisedBatch(rows, model.Decoder.Device);
            sum += SupervisedLoss.Sum(model, batch);
        }

        return new Dictionary<string, double> { [MetricNames.EvalLoss] = sum / examples.Sum(SupervisedBatch.TargetCount) };
    }
}
