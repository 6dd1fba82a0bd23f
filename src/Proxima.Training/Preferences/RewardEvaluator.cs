using Proxima.Core.Metrics;
using Proxima.Models;
using Proxima.Numerics;
using Proxima.Training.Ranks;
using static TorchSharp.torch;

namespace Proxima.Training.Preferences;

/// <summary>Held-out pairs: how many a reward model puts right, and its Bradley–Terry loss without margin and centring.</summary>
/// <param name="model">the model that learns</param>
/// <param name="lines">held-out lines</param>
/// <param name="batchSize">lines of one forward</param>
public sealed class RewardEvaluator(ScoreModel model, IReadOnlyList<RankedResponses> lines, int batchSize)
{
    private readonly RankedResponses[][] _batches = [.. lines.OrderByDescending(line => line.Length).Chunk(batchSize)];

    /// <summary>Evaluates the model as it is now. A pair with equal scores is not put right.</summary>
    /// <param name="work">divides the batches among the ranks</param>
    /// <param name="stop">ends it between two batches</param>
    /// <exception cref="OperationCanceledException">a stop was asked for</exception>
    public IReadOnlyDictionary<string, double> Evaluate(SharedWork work, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(work);
        IReadOnlyList<(double Loss, double Right)> found = work.Do(
            "the losses of the evaluation", [.. _batches.Select(RankedResponses.PaddedTokens)], share => [.. share.Select(i => Measure(_batches[i], stop))], ResultFormats.Pairs);
        double pairs = lines.Sum(line => (double)line.Pairs.Count);
        return new Dictionary<string, double>
        {
            [MetricNames.EvalLoss] = found.Sum(sums => sums.Loss) / pairs,
            [MetricNames.EvalAccuracy] = found.Sum(sums => sums.Right) / pairs,
        };
    }

    /// <summary>The scores of all held-out responses.</summary>
    public IReadOnlyList<double> Scores() =>
        [.. _batches.SelectMany(lines => OfBatch(lines, (scores, _) => scores.cpu().data<float>().ToArray().Select(score => (double)score).ToArray()))];

    private (double Loss, double Right) Measure(RankedResponses[] lines, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return OfBatch(lines, (scores, batch) =>
        {
            var better = scores.index_select(0, batch.Better); // [N]
            var worse = scores.index_select(0, batch.Worse); // [N]
            double loss = PreferenceObjective.Losses(better, worse, margins: null).sum().item<float>();
            return (loss, (double)(better > worse).sum().item<long>());
        });
    }

    private T OfBatch<T>(RankedResponses[] lines, Func<Tensor, PreferenceBatch, T> measure)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var batch = new PreferenceBatch(lines, model.Decoder.Device);
        return measure(ResponseScores.Of(model, batch), batch);
    }
}
