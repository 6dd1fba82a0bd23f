using Proxima.Core;

namespace Proxima.Arithmetic;

/// <summary>One step of a dialogue.</summary>
/// <param name="Left">first number; in a follow-up the answer before</param>
/// <param name="Right">second number; negative in a follow-up that takes away</param>
internal readonly record struct Problem(int Left, int Right)
{
    /// <summary>One problem in so many is kept for evaluation.</summary>
    private const int HeldOutShare = 10;

    private const long SplitSeed = 2025;

    public int Answer => Left + Right;

    /// <summary>Whether no training dialogue may hold it, in any turn.</summary>
    public bool IsHeldOut => new CounterRandom(SplitSeed, RandomPurpose.DataOrder, Left, Right).NextInt(HeldOutShare) == 0;
}
