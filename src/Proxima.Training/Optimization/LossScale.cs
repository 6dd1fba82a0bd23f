namespace Proxima.Training.Optimization;

/// <summary>
/// What losses are multiplied by so that float16 gradients are not too small to be told from 0 (Micikevicius et al. 2018, section 3.2). It is a
/// power of two: halved when a gradient overflows, doubled after many optimizer steps without one.
/// </summary>
public sealed class LossScale
{
    /// <summary>Optimizer steps without an overflow after which the scale is doubled.</summary>
    public const int StepsToGrow = 2000;

    private const double First = 65536;
    private const double Highest = 1L << 40; // float32 sums of scaled gradients stay finite

    /// <summary>The scale and how far it is from growing.</summary>
    public LossScaleState State { get; set; } = new(First, 0);

    /// <summary>What losses are multiplied by now.</summary>
    public double Value => State.Value;

    /// <summary>Halves the scale; at 1 there is nothing left to halve.</summary>
    /// <returns>false when the scale was 1 already</returns>
    public bool Lower()
    {
        bool canHelp = Value > 1;
        State = new(Math.Max(1, Value / 2), 0);
        return canHelp;
    }

    /// <summary>Counts an optimizer step without an overflow.</summary>
    public void CountStep() => State = State.Steps + 1 < StepsToGrow
        ? State with { Steps = State.Steps + 1 }
        : new(Math.Min(Highest, Value * 2), 0);
}
