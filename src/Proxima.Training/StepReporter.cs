using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Distributed;
using Proxima.Numerics;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>Gathers the metrics of each step of PPO; keeps a few samples of each step.</summary>
public sealed class StepReporter(StepLog log, SampleLog samples, IRunDisplay display, ComputeBudget budget, ICommunicator ranks)
{
    /// <summary>What has come since the last log line.</summary>
    public MetricAccumulator Metrics => log.Metrics;

    /// <summary>Begins a step.</summary>
    public void Begin() => log.BeginTraffic(ranks);

    /// <summary>Takes in one step.</summary>
    /// <param name="step">its number</param>
    /// <param name="experience">the step's rollout</param>
    /// <param name="klCoefficient">kl_coeff that it was built with</param>
    /// <param name="seconds">time of each phase</param>
    /// <param name="skipped">optimizer steps that were skipped, told at once</param>
    public void Add(
        int step,
        Experience experience,
        double klCoefficient,
        IReadOnlyDictionary<RunPhase, double> seconds,
        IReadOnlyList<string> skipped)
    {
        foreach (string line in skipped)
        {
            display.Note(line);
        }

        using var scope = NewDisposeScope();
        AddObjective(experience, klCoefficient);
        AddRollout(experience);
        AddTimes(experience, seconds);
        AddCosts(step);
        samples.Append(step, experience);
    }

    /// <summary>Takes in a step that was left out.</summary>
    /// <param name="step">its number</param>
    /// <param name="line">why, told at once</param>
    public void AddSkipped(int step, string line)
    {
        display.Note(line);
        AddCosts(step);
    }

    private void AddCosts(int step)
    {
        log.AddTraffic(ranks);
        log.AddMemory(step);
    }

    private void AddObjective(Experience experience, double klCoefficient)
    {
        var mask = experience.Grid.TokenMask(); // [B, R]
        var valueMask = experience.Grid.ValueMask(); // [B, R]
        var kl = KlDivergence.K1(experience.LogProbs, experience.RefLogProbs); // [B, R]
        Metrics.Add(MetricNames.ObjectiveKlPerSeq, experience.KlPerSequence);
        Metrics.Add(MetricNames.ObjectiveKlPerToken, MaskedStatistics.Mean(kl, mask).item<float>());
        Metrics.Add(MetricNames.ObjectiveScoreMean, ResponseStatistics.Mean([.. experience.Scores]));
        Metrics.Add(MetricNames.ObjectiveScoreStd, ResponseStatistics.Deviation([.. experience.Scores]));
        Metrics.Add(MetricNames.ObjectiveScoreNormalizedMean, ResponseStatistics.Mean([.. experience.ShapedScores]));
        Metrics.Add(MetricNames.ObjectiveRewardWithKl, experience.Rewards.sum(1).mean().item<float>());
        Metrics.Add(MetricNames.ObjectiveEntropyPerToken, MaskedStatistics.Mean(experience.Entropies, mask).item<float>());
        Metrics.Add(MetricNames.ObjectiveKlCoeff, klCoefficient);
        var values = experience.Values.masked_select(valueMask); // [M]
        var returns = experience.Returns.masked_select(valueMask); // [M]
        Metrics.Add(MetricNames.CriticExplainedVariance, ValueObjective.ExplainedVariance(values, returns).item<float>());
        Metrics.Add(MetricNames.CriticValueMean, values.mean().item<float>());
        Metrics.Add(MetricNames.CriticReturnMean, returns.mean().item<float>());
    }

    private void AddRollout(Experience experience)
    {
        double[] lengths = [.. experience.Sequences.Select(s => (double)s.Response.Length)];
        Metrics.Add(MetricNames.RolloutResponseLengthMean, lengths.Average());
        Metrics.Add(MetricNames.RolloutResponseLengthMin, lengths.Min());
        Metrics.Add(MetricNames.RolloutResponseLengthMax, lengths.Max());
        Metrics.Add(MetricNames.RolloutFinishedFraction, experience.Sequences.Count(s => s.Finished) / (double)lengths.Length);
        Metrics.Add(MetricNames.RolloutDistinct2, ResponseStatistics.Distinct2(experience.Sequences.Select(s => s.Response)));
        var sampled = tensor(experience.Sequences.SelectMany(s => s.SamplerLogProbs).ToArray()); // [N]
        var gap = (experience.LogProbs.masked_select(experience.Grid.TokenMask()) - sampled).abs(); // [N]
        Metrics.Add(MetricNames.RolloutLogprobGapMean, gap.mean().item<float>());
        Metrics.Add(MetricNames.RolloutLogprobGapMax, gap.max().item<float>());
    }

    private void AddTimes(Experience experience, IReadOnlyDictionary<RunPhase, double> seconds)
    {
        double whole = seconds.Values.Sum();
        double newTokens = experience.Sequences.Sum(s => s.Response.Length);
        double allTokens = experience.Sequences.Sum(s => s.Length);
        Metrics.Add(MetricNames.TimeRolloutS, seconds[RunPhase.Rollout]);
        Metrics.Add(MetricNames.TimeScoreS, seconds[RunPhase.Score]);
        Metrics.Add(MetricNames.TimeUpdateS, seconds[RunPhase.Update]);
        Metrics.Add(MetricNames.ThroughputRolloutTokensPerS, newTokens / seconds[RunPhase.Rollout]);
        Metrics.Add(MetricNames.ThroughputTrainTokensPerS, allTokens * budget.Passes / seconds[RunPhase.Update]);
        Metrics.Add(MetricNames.ThroughputSequencesPerS, experience.Sequences.Count / whole);
        Metrics.Add(MetricNames.ThroughputMfu, budget.Utilisation(allTokens, whole));
    }
}
