using Proxima.Core;
using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Text;
using Proxima.Training.Optimization;
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
    FrozenModel<CausalLanguageModel> reference,
    IRewardSource rewardSource,
    IRewardSource? goldSource,
    Tokenizer tokenizer,
    RolloutWorker worker,
    IReadOnlyList<Prompt> prompts,
    RunSettings run,
    SamplingSettings sampling,
    int promptsPerBatch,
    SharedWork? work = null,
    RestingWeights? weights = null)
{
    private readonly SharedWork _work = work ?? SharedWork.Alone();
    private readonly RestingWeights _weights = weights ?? RestingWeights.AlwaysWhole;

    /// <summary>Evaluates the actor as it is now.</summary>
    public EvaluationReport Evaluate()
    {
        List<Sequence> sequences = [];
        foreach (Prompt[] batch in prompts.Chunk(promptsPerBatch * _work.Ranks.Size).Take(run.MaxEvaluateSteps < 0 ? int.MaxValue : run.MaxEvaluateSteps))
        {
            int offset = sequences.Count;
            sequences.AddRange(worker.Answer(batch, i => new CounterRandom(run.EvalSeed, RandomPurpose.Evaluation, 0, offset + i)));
        }

        int[] lengths = [.. sequences.Select(s => s.Length)];
        int[] share = _work.Share(lengths);
        IReadOnlyList<double> rewards = Rewards(sequences, lengths);
        IReadOnlyList<double>? gold = goldSource is null ? null : Scores("the gold scores of the evaluation", goldSource, sequences, lengths);
        EvaluatedSample[] samples = [.. share.Select(i => new EvaluatedSample(
            tokenizer.Decode(sequences[i].Prompt), tokenizer.Decode(sequences[i].Response), rewards[i], gold?[i]))];
        Sequence[] own = [.. share.Select(i => sequences[i])];
        double[] sums = _work.Sum(
            "log-probs of the evaluation", SumOfLogProbs(actor, own), SumOfReference(own));
        return new EvaluationReport(Metrics(sequences, rewards, gold, sums[0], sums[1]), samples);
    }

    private IReadOnlyList<double> Rewards(List<Sequence> sequences, int[] lengths)
    {
        using IDisposable? whole = _weights.Whole(ModelRole.Reward);
        return Scores("the scores of the evaluation", rewardSource, sequences, lengths);
    }

    private double SumOfReference(Sequence[] own)
    {
        using IDisposable? whole = _weights.Whole(ModelRole.Reference);
        return reference.Use(model => SumOfLogProbs(model, own));
    }

    private IReadOnlyList<double> Scores(string what, IRewardSource source, List<Sequence> sequences, int[] lengths) =>
        _work.Do(what, lengths, share => source.Score([.. share.Select(i => sequences[i])]), ResultFormats.Numbers);

    private double SumOfLogProbs(CausalLanguageModel model, Sequence[] sequences)
    {
        double sum = 0;
        if (sequences.Length == 0)
        {
            return sum;
        }

        var grid = new ResponseGrid(sequences, ScorePlacement.Last, sampling.MaxDecLen);
        foreach (int[] rows in Padding.GroupsByLength([.. sequences.Select(s => s.Length)], ExperienceBuilder.TokensPerForward))
        {
            using var scope = NewDisposeScope();
            using var batch = new SequenceBatch(sequences, rows, grid, model.Decoder.Device);
            sum += ResponseForward.LogProbs(model, batch, sampling.Temperature).LogProbs.sum().item<float>();
        }

        return sum;
    }

    private static Dictionary<string, double> Metrics(
        List<Sequence> sequences, IReadOnlyList<double> rewards, IReadOnlyList<double>? gold, double logProbs, double refLogProbs)
    {
        double tokens = sequences.Sum(s => (double)s.Response.Length);
        var metrics = new Dictionary<string, double>
        {
            [MetricNames.EvalRewardMean] = ResponseStatistics.Mean(rewards),
            [MetricNames.EvalRewardStd] = ResponseStatistics.Deviation(rewards),
            [MetricNames.EvalKlPerSeq] = (logProbs - refLogProbs) / sequences.Count,
            [MetricNames.EvalResponseLengthMean] = tokens / sequences.Count,
            [MetricNames.EvalFinishedFraction] = sequences.Count(s => s.Finished) / (double)sequences.Count,
            [MetricNames.EvalDistinct2] = ResponseStatistics.Distinct2(sequences.Select(s => s.Response)),
            [MetricNames.EvalReferencePerplexity] = Math.Exp(-refLogProbs / tokens),
        };
        if (gold is not null)
        {
            metrics[MetricNames.EvalGoldMean] = ResponseStatistics.Mean(gold);
        }

        return metrics;
    }
}
