using Proxima.Core;
using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Text;
using Proxima.Training.Ranks;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// Answers every evaluation prompt and scores the answers. The samples have a random stream of their own, the same at every
/// evaluation, so that two evaluations differ by the policy alone and training does not notice them. Ranks share the work; the metrics are
/// over all.
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
    int promptsPerBatch,
    SharedWork? work = null)
{
    private readonly SharedWork _work = work ?? SharedWork.Alone();

    /// <summary>Evaluates the actor as it is now.</summary>
    public EvaluationReport Evaluate()
    {
        var totals = new Totals();
        int batches = 0;
        foreach (Prompt[] batch in prompts.Chunk(promptsPerBatch * _work.Ranks.Size))
        {
            if (run.MaxEvaluateSteps >= 0 && batches++ == run.MaxEvaluateSteps)
            {
                break;
            }

            int offset = totals.Sequences.Count;
            Add(totals, worker.Answer(batch, i => new CounterRandom(run.EvalSeed, RandomPurpose.Evaluation, 0, offset + i)));
        }

        double[] sums = _work.Sum("log-probs of the evaluation", totals.LogProbs, totals.RefLogProbs);
        return new EvaluationReport(Metrics(totals, sums[0], sums[1]), totals.Samples);
    }

    private void Add(Totals totals, IReadOnlyList<Sequence> sequences)
    {
        int[] lengths = [.. sequences.Select(s => s.Length)];
        IReadOnlyList<double> Score(string what, IRewardSource source) =>
            _work.Do(what, lengths, share => source.Score([.. share.Select(i => sequences[i])]), ResultFormats.Numbers);
        IReadOnlyList<double> rewards = Score("the scores of the evaluation", rewardSource);
        IReadOnlyList<double>? gold = goldSource is null ? null : Score("the gold scores of the evaluation", goldSource);
        totals.Sequences.AddRange(sequences);
        totals.Rewards.AddRange(rewards);
        totals.Gold.AddRange(gold ?? []);
        int[] share = WorkShare.Of(lengths, _work.Ranks.Size)[_work.Ranks.Rank];
        foreach (int i in share)
        {
            totals.Samples.Add(new EvaluatedSample(
                tokenizer.Decode(sequences[i].Prompt), tokenizer.Decode(sequences[i].Response), rewards[i], gold?[i]));
        }

        var grid = new ResponseGrid(sequences, ScorePlacement.Last, sampling.MaxDecLen);
        foreach (int[] group in Padding.GroupsByLength([.. share.Select(row => lengths[row])], ExperienceBuilder.TokensPerForward))
        {
            using var scope = NewDisposeScope();
            using var batch = new SequenceBatch(sequences, [.. group.Select(i => share[i])], grid);
            totals.LogProbs += ResponseForward.LogProbs(actor, batch, sampling.Temperature).LogProbs.sum().item<float>();
            totals.RefLogProbs += ResponseForward.LogProbs(reference, batch, sampling.Temperature).LogProbs.sum().item<float>();
        }
    }

    private Dictionary<string, double> Metrics(Totals totals, double logProbs, double refLogProbs)
    {
        double tokens = totals.Sequences.Sum(s => (double)s.Response.Length);
        var metrics = new Dictionary<string, double>
        {
            [MetricNames.EvalRewardMean] = ResponseStatistics.Mean(totals.Rewards),
            [MetricNames.EvalRewardStd] = ResponseStatistics.Deviation(totals.Rewards),
            [MetricNames.EvalKlPerSeq] = (logProbs - refLogProbs) / totals.Sequences.Count,
            [MetricNames.EvalResponseLengthMean] = tokens / totals.Sequences.Count,
            [MetricNames.EvalFinishedFraction] = totals.Sequences.Count(s => s.Finished) / (double)totals.Sequences.Count,
            [MetricNames.EvalDistinct2] = ResponseStatistics.Distinct2(totals.Sequences.Select(s => s.Response)),
            [MetricNames.EvalReferencePerplexity] = Math.Exp(-refLogProbs / tokens),
        };
        if (goldSource is not null)
        {
            metrics[MetricNames.EvalGoldMean] = ResponseStatistics.Mean(totals.Gold);
        }

        return metrics;
    }

    private sealed class Totals
    {
        /// <summary>Those that this rank has scored.</summary>
        public List<EvaluatedSample> Samples { get; } = [];

        /// <summary>Of all ranks.</summary>
        public List<double> Rewards { get; } = [];

        /// <summary>Of all ranks; empty without a gold metric.</summary>
        public List<double> Gold { get; } = [];

        /// <summary>Of all ranks.</summary>
        public List<Sequence> Sequences { get; } = [];

        /// <summary>Sum over the tokens of this rank's share.</summary>
        public double LogProbs { get; set; }

        /// <summary>The same under the reference.</summary>
        public double RefLogProbs { get; set; }
    }
}
