using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Models.Native;
using Proxima.Numerics;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>Gathers the metrics of each step and writes them when a log line is due; keeps a few samples of each step.</summary>
public sealed class StepReporter(
    MetricAccumulator metrics, StepCalendar calendar, RunMetrics log, SampleLog samples, IRunDisplay display, ComputeBudget budget)
{
    /// <summary>What has come since the last log line.</summary>
    public MetricAccumulator Metrics => metrics;

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
        AddMemory(step);
        samples.Append(step, experience);
    }

    /// <summary>Writes the metrics when this step ends a logging interval.</summary>
    public void ReportIfDue(int step)
    {
        if (calendar.Logs(step))
        {
            IReadOnlyDictionary<string, double> flushed = metrics.Flush();
            log.Append(step, flushed);
            display.Step(step, flushed);
        }
    }

    /// <summary>Writes how long the checkpoint after a step took, in a line of its own: it is saved after the step's line is written.</summary>
    public void ReportSave(int step, double seconds) =>
        log.Append(step, new Dictionary<string, double> { [MetricNames.TimeSaveS] = seconds });

    private void AddObjective(Experience experience, double klCoefficient)
    {
        var mask = experience.Grid.TokenMask(); // [B, R]
        var valueMask = experience.Grid.ValueMask(); // [B, R]
        var kl = KlDivergence.K1(experience.LogProbs, experience.RefLogProbs); // [B, R]
        metrics.Add(MetricNames.ObjectiveKlPerSeq, experience.KlPerSequence);
        metrics.Add(MetricNames.ObjectiveKlPerToken, MaskedStatistics.Mean(kl, mask).item<float>());
        metrics.Add(MetricNames.ObjectiveScoreMean, ResponseStatistics.Mean([.. experience.Scores]));
        metrics.Add(MetricNames.ObjectiveScoreStd, ResponseStatistics.Deviation([.. experience.Scores]));
        metrics.Add(MetricNames.ObjectiveScoreNormalizedMean, ResponseStatistics.Mean([.. experience.ShapedScores]));
        metrics.Add(MetricNames.ObjectiveRewardWithKl, experience.Rewards.sum(1).mean().item<float>());
        metrics.Add(MetricNames.ObjectiveEntropyPerToken, MaskedStatistics.Mean(experience.Entropies, mask).item<float>());
        metrics.Add(MetricNames.ObjectiveKlCoeff, klCoefficient);
        var values = experience.Values.masked_select(valueMask); // [M]
        var returns = experience.Returns.masked_select(valueMask); // [M]
        metrics.Add(MetricNames.CriticExplainedVariance, ValueObjective.ExplainedVariance(values, returns).item<float>());
        metrics.Add(MetricNames.CriticValueMean, values.mean().item<float>());
        metrics.Add(MetricNames.CriticReturnMean, returns.mean().item<float>());
    }

    private void AddRollout(Experience experience)
    {
        double[] lengths = [.. experience.Sequences.Select(s => (double)s.Response.Length)];
        metrics.Add(MetricNames.RolloutResponseLengthMean, lengths.Average());
        metrics.Add(MetricNames.RolloutResponseLengthMin, lengths.Min());
        metrics.Add(MetricNames.RolloutResponseLengthMax, lengths.Max());
        metrics.Add(MetricNames.RolloutFinishedFraction, experience.Sequences.Count(s => s.Finished) / (double)lengths.Length);
        metrics.Add(MetricNames.RolloutDistinct2, ResponseStatistics.Distinct2(experience.Sequences.Select(s => s.Response)));
        var sampled = tensor(experience.Sequences.SelectMany(s => s.SamplerLogProbs).ToArray()); // [N]
        var gap = (experience.LogProbs.masked_select(experience.Grid.TokenMask()) - sampled).abs(); // [N]
        metrics.Add(MetricNames.RolloutLogprobGapMean, gap.mean().item<float>());
        metrics.Add(MetricNames.RolloutLogprobGapMax, gap.max().item<float>());
    }

    private void AddTimes(Experience experience, IReadOnlyDictionary<RunPhase, double> seconds)
    {
        double whole = seconds.Values.Sum();
        double newTokens = experience.Sequences.Sum(s => s.Response.Length);
        double allTokens = experience.Sequences.Sum(s => s.Length);
        metrics.Add(MetricNames.TimeRolloutS, seconds[RunPhase.Rollout]);
        metrics.Add(MetricNames.TimeScoreS, seconds[RunPhase.Score]);
        metrics.Add(MetricNames.TimeUpdateS, seconds[RunPhase.Update]);
        metrics.Add(MetricNames.ThroughputRolloutTokensPerS, newTokens / seconds[RunPhase.Rollout]);
        metrics.Add(MetricNames.ThroughputTrainTokensPerS, allTokens * budget.Passes / seconds[RunPhase.Update]);
        metrics.Add(MetricNames.ThroughputSequencesPerS, experience.Sequences.Count / whole);
        metrics.Add(MetricNames.ThroughputMfu, budget.Utilisation(allTokens, whole));
    }

    private void AddMemory(int step)
    {
        NativeHeap.AfterStep(step);
        (double resident, double peak) = ProcessMemory.Gigabytes();
        metrics.Add(MetricNames.MemoryResidentGb, resident);
        metrics.Add(MetricNames.MemoryPeakGb, peak);
    }
}
