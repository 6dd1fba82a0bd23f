using TorchSharp;

namespace Proxima.Numerics;

/// <summary>
/// Numbers for tensor operations that stay alive while native code reads them. TorchSharp makes a finalizable object of each
/// number and passes its handle on; a garbage collection between that and the read frees the number, and the operation takes
/// whatever lies there (docs/adr/held-scalars.md). The implicit conversions are banned for that reason.
/// </summary>
public static class HeldScalars
{
    /// <summary>A number that was handed out lives at least until so many other ones have been.</summary>
    private const int NumbersPerGeneration = 4096;

    private static readonly Generations<double> Fractions = new(number => number.ToScalar());
    private static readonly Generations<long> Integers = new(number => number.ToScalar());

    /// <summary>The number as a floating-point scalar that outlives the call it is passed to.</summary>
    public static Scalar Held(double number) => Fractions.Get(number);

    /// <summary>The number as an integer scalar that outlives the call it is passed to.</summary>
    public static Scalar Held(long number) => Integers.Get(number);

    private sealed class Generations<T>(Func<T, Scalar> make)
        where T : notnull
    {
        private readonly Lock _lock = new();
        private Dictionary<T, Scalar> _young = [];
        private Dictionary<T, Scalar> _old = [];

        public Scalar Get(T number)
        {
            lock (_lock)
            {
                if (!_young.TryGetValue(number, out Scalar? scalar))
                {
                    scalar = _old.TryGetValue(number, out Scalar? kept) ? kept : make(number);
                    if (_young.Count == NumbersPerGeneration)
                    {
                        (_old, _young) = (_young, []);
                    }

                    _young.Add(number, scalar);
                }

                return scalar;
            }
        }
    }
}
