using Proxima.Core;
using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Text;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// Answers every evaluation prompt and scores the answers. The samples have a random stream of their own, the same at every
/// evaluation, so that two evaluations differ by the policy alone and training does not notice them.
/// </summary>
public sealed class Evaluator(
    CausalLanguageModel actor,
    CausalLanguageModel reference,
    IRewardSource rewardSource,
    IRewardSource? goldSource,
    Tokenizer tokenizer,
    RolloutWorker worker,
    IReadOnlyList<Prompt> prompts,
    RunSettings run,
    SamplingSettings sampling,
    int promptsPerBatch)
{
    /// <summary>Evaluates the actor as it is now.</summary>
    public EvaluationReport Evaluate()
    {
        var totals = new Totals();
        int batches = 0;
        foreach (Prompt[] batch in prompts.Chunk(promptsPerBatch))
        {
            if (run.MaxEvaluateSteps >= 0 && batches++ == run.MaxEvaluateSteps)
            {
                break;
            }

            int offset = totals.Samples.Count;
            Add(totals, worker.Answer(batch, i => new CounterRandom(run.EvalSeed, RandomPurpose.Evaluation, 0, offset + i)));
        }

        return new EvaluationReport(Metrics(totals), totals.Samples);
    }

    private void Add(Totals totals, IReadOnlyList<Sequence> sequences)
    {
        IReadOnlyList<double> rewards = rewardSource.Score(sequences);
        IReadOnlyList<double>? gold = goldSource?.Score(sequences);
        for (int i = 0; i < sequences.Count; i++)
        {
            totals.Samples.Add(new EvaluatedSample(
                tokenizer.Decode(sequences[i].Prompt), tokenizer.Decode(sequences[i].Response), rewards[i], gold?[i]));
        }

        totals.Sequences.AddRange(sequences);
        var grid = new ResponseGrid(sequences, ScorePlacement.Last, sampling.MaxDecLen);
        foreach (int[] rows in Padding.GroupsByLength([.. sequences.Select(s => s.Length)], ExperienceBuilder.TokensPerForward))
        {
            using var scope = NewDisposeScope();
            using var batch = new SequenceBatch(sequences, rows, grid);
            totals.LogProbs += ResponseForward.LogProbs(actor, batch, sampling.Temperature).LogProbs.sum().item<float>();
            totals.RefLogProbs += ResponseForward.LogProbs(reference, batch, sampling.Temperature).LogProbs.sum().item<float>();
        }
    }

    private Dictionary<string, double> Metrics(Totals totals)
    {
        double[] rewards = [.. totals.Samples.Select(s => s.Reward)];
        double tokens = totals.Sequences.Sum(s => (double)s.Response.Length);
        var metrics = new Dictionary<string, double>
        {
            [MetricNames.EvalRewardMean] = ResponseStatistics.Mean(rewards),
            [MetricNames.EvalRewardStd] = ResponseStatistics.Deviation(rewards),
            [MetricNames.EvalKlPerSeq] = (totals.LogProbs - totals.RefLogProbs) / totals.Sequences.Count,
            [MetricNames.EvalResponseLengthMean] = tokens / totals.Sequences.Count,
            [MetricNames.EvalFinishedFraction] = totals.Sequences.Count(s => s.Finished) / (double)totals.Sequences.Count,
            [MetricNames.EvalDistinct2] = ResponseStatistics.Distinct2(totals.Sequences.Select(s => s.Response)),
            [MetricNames.EvalReferencePerplexity] = Math.Exp(-totals.RefLogProbs / tokens),
        };
        if (goldSource is not null)
        {
            metrics[MetricNames.EvalGoldMean] = ResponseStatistics.Mean([.. totals.Samples.Select(s => s.Gold!.Value)]);
        }

        return metrics;
    }

    private sealed class Totals
    {
        public List<EvaluatedSample> Samples { get; } = [];

        public List<Sequence> Sequences { get; } = [];

        public double LogProbs { get; set; }

        public double RefLogProbs { get; set; }
    }
}
