using System.Numerics;

namespace Proxima.Text.Templates.Values;

/// <summary>A range of integers.</summary>
/// <param name="Start">first number</param>
/// <param name="Stop">where it ends, this number not included</param>
/// <param name="Step">distance, not 0</param>
internal sealed record PyRange(BigInteger Start, BigInteger Stop, BigInteger Step)
{
    /// <summary>The longest range that the sandbox allows.</summary>
    public const int MaxCount = 100_000;

    public BigInteger Count
    {
        get
        {
            BigInteger distance = Step.Sign > 0 ? Stop - Start : Start - Stop;
            BigInteger step = BigInteger.Abs(Step);
            return distance.Sign <= 0 ? BigInteger.Zero : (distance + step - 1) / step;
        }
    }

    public object this[int index] => Start + (Step * index);
}
