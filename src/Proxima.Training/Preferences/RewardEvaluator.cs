using Proxima.Core.Metrics;
using Proxima.Models;
using Proxima.Numerics;
using static TorchSharp.torch;

namespace Proxima.Training.Preferences;

/// <summary>Held-out pairs: how many a reward model puts right, and its Bradley–Terry loss without margin and centring.</summary>
/// <param name="model">the model that learns</param>
/// <param name="lines">held-out lines</param>
/// <param name="batchSize">lines of one forward</param>
public sealed class RewardEvaluator(ScoreModel model, IReadOnlyList<RankedResponses> lines, int batchSize)
{
    /// <summary>Evaluates the model as it is now. A pair with equal scores is not put right.</summary>
    /// <param name="stop">ends it between two batches</param>
    /// <exception cref="OperationCanceledException">a stop was asked for</exception>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken stop)
    {
        (double loss, double right) = (0, 0);
        ForEachBatch((scores, batch) =>
        {
            stop.ThrowIfCancellationRequested();
            var better = scores.index_select(0, batch.Better); // [N]
            var worse = scores.index_select(0, batch.Worse); // [N]
            loss += PreferenceObjective.Losses(better, worse, margins: null).sum().item<float>();
            right += (better > worse).sum().item<long>();
        });
        double pairs = lines.Sum(line => (double)line.Pairs.Count);
        return new Dictionary<string, double> { [MetricNames.EvalLoss] = loss / pairs, [MetricNames.EvalAccuracy] = right / pairs };
    }

    /// <summary>The scores of all held-out responses.</summary>
    public IReadOnlyList<double> Scores()
    {
        List<double> all = [];
        ForEachBatch((scores, _) => all.AddRange(scores.cpu().data<float>().ToArray().Select(score => (double)score)));
        return all;
    }

    private void ForEachBatch(Action<Tensor, PreferenceBatch> visit)
    {
        using var noGrad = no_grad();
        foreach (RankedResponses[] microBatch in lines.OrderByDescending(line => line.Length).Chunk(batchSize))
        {
            using var scope = NewDisposeScope();
            using var batch = new PreferenceBatch(microBatch, model.Decoder.Device);
            visit(ResponseScores.Of(model, batch), batch);
        }
    }
}
