using Proxima.Core.Settings;

namespace Proxima.Training.Optimization;

/// <summary>
/// The learning rate as a function of the optimizer step. With a floor (linear and cosine) it follows PaddleNLP's annealing
/// schedule, without one the schedules of transformers; plain cosine is held at its end past <see cref="DecaySteps"/>.
/// </summary>
public sealed record LearningRateSchedule
{
    public required SchedulerType Type { get; init; }

    /// <summary>Highest rate.</summary>
    public required double Peak { get; init; }

    /// <summary>Rate held from <see cref="DecaySteps"/> on, for linear and cosine; null: they fall to 0.</summary>
    public double? Floor { get; init; }

    /// <summary>W, optimizer steps of linear warm-up.</summary>
    public double WarmupSteps { get; init; }

    /// <summary>D, the optimizer step at which the end is reached.</summary>
    public required double DecaySteps { get; init; }

    /// <summary>Rate at the end of a polynomial.</summary>
    public double PolynomialEnd { get; init; } = 1e-7;

    /// <summary>Power of a polynomial.</summary>
    public double PolynomialPower { get; init; } = 1;

    /// <summary>The schedule, in PPO the actor's, of a run with <paramref name="totalSteps"/> optimizer steps.</summary>
    public static LearningRateSchedule ForActor(OptimizerSettings settings, long totalSteps) => new()
    {
        Type = settings.LrSchedulerType,
        Peak = settings.LearningRate,
        Floor = settings.MinLearningRate,
        WarmupSteps = Warmup(settings.WarmupSteps, settings.WarmupRatio, totalSteps),
        DecaySteps = settings.DecaySteps ?? totalSteps,
    };

    /// <summary>The critic's schedule of a run with <paramref name="totalSteps"/> optimizer steps.</summary>
    public static LearningRateSchedule ForCritic(OptimizerSettings settings, long totalSteps) => new()
    {
        Type = settings.CriticLrSchedulerType,
        Peak = settings.CriticLearningRate ?? settings.LearningRate,
        Floor = settings.CriticMinLearningRate,
        WarmupSteps = Warmup(settings.WarmupSteps, settings.CriticWarmupRatio ?? settings.WarmupRatio, totalSteps),
        DecaySteps = settings.CriticDecaySteps ?? totalSteps,
    };

    /// <summary>The rate after <paramref name="step"/> optimizer steps, so optimizer step k (from 1) uses <c>Rate(k − 1)</c>.</summary>
    public double Rate(double step)
    {
        if (Floor is double floor && Type is SchedulerType.Linear or SchedulerType.Cosine)
        {
            return Annealed(step, floor);
        }

        if (Type == SchedulerType.Constant)
        {
            return Peak;
        }

        if (step < WarmupSteps)
        {
            return Peak * step / Math.Max(1, WarmupSteps);
        }

        double progress = Math.Min(1, (step - WarmupSteps) / Math.Max(1, DecaySteps - WarmupSteps));
        return Type switch
        {
            SchedulerType.Linear => Peak * Math.Max(0, (DecaySteps - step) / Math.Max(1, DecaySteps - WarmupSteps)),
            SchedulerType.Cosine => Peak * 0.5 * (1 + Math.Cos(Math.PI * progress)),
            SchedulerType.ConstantWithWarmup => Peak,
            SchedulerType.Polynomial => step > DecaySteps ? PolynomialEnd : ((Peak - PolynomialEnd) * Math.Pow(1 - progress, PolynomialPower)) + PolynomialEnd,
            _ => throw new InvalidOperationException($"schedule {Type}"),
        };
    }

    private double Annealed(double step, double floor)
    {
        if (step <= WarmupSteps && WarmupSteps > 0)
        {
            return Peak * step / WarmupSteps;
        }

        if (step > DecaySteps)
        {
            return floor;
        }

        double x = (step - WarmupSteps) / (DecaySteps - WarmupSteps);
        double share = Type == SchedulerType.Linear ? 1 - x : 0.5 * (1 + Math.Cos(Math.PI * x));
        return floor + (share * (Peak - floor));
    }

    private static double Warmup(int steps, double ratio, long totalSteps) => steps > 0 ? steps : Math.Ceiling(ratio * totalSteps);
}
