using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, algorithm 2) over flat buffers: decay, moments, then
/// w −= rate ÷ (1 − β₁ᵗ) · m ÷ (√v ÷ √(1 − β₂ᵗ) + ε). On the CPU one
/// pass writes weights, moments and the copy that the model computes with; elsewhere tensor operations do, some numbers at a time.
/// </summary>
public sealed class AdamW : IDisposable
{
    private const long NumbersAtOnce = 1 << 26; // bounds what is held in between: 512 MiB

    private readonly FlatParameters _parameters;
    private readonly ModelShards _shards;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;
    private readonly FlatBuffer _first;
    private readonly FlatBuffer _second;

    internal AdamW(FlatParameters parameters, ModelShards shards, double beta1, double beta2, double epsilon, double weightDecay)
    {
        (_parameters, _shards, _beta1, _beta2, _epsilon, _weightDecay) = (parameters, shards, beta1, beta2, epsilon, weightDecay);
        _first = new FlatBuffer(parameters.Count, ScalarType.Float32, parameters.Values.device);
        _second = new FlatBuffer(parameters.Count, ScalarType.Float32, parameters.Values.device);
        shards.Keep(_first);
        shards.Keep(_second);
    }

    /// <summary>[N] running mean of the gradients; 0 but for the part that this rank holds.</summary>
    public Tensor FirstMoments => _first.Tensor;

    /// <summary>[N] running mean of their squares; likewise.</summary>
    public Tensor SecondMoments => _second.Tensor;

    /// <summary>Steps taken, t.</summary>
    public long Steps { get; set; }

    /// <summary>Moves the weights that this rank holds by their gradients, and shares them.</summary>
    /// <param name="rate">learning rate of this step</param>
    /// <param name="gradientFactor">what the gradients are multiplied by first: the clip</param>
    public void Step(double rate, double gradientFactor = 1)
    {
        Steps++;
        AdamWKernel kernel = new()
        {
            Beta1 = (float)_beta1,
            Beta2 = (float)_beta2,
            Epsilon = (float)_epsilon,
            GradientFactor = (float)gradientFactor,
            StepSize = (float)(rate / (1 - Math.Pow(_beta1, Steps))),
            RootFactor = (float)(1 / Math.Sqrt(1 - Math.Pow(_beta2, Steps))),
        };
        double decay = 1 - (rate * _weightDecay);
        if (_parameters.IsOnHost)
        {
            StepOnHost(kernel, (float)decay);
        }
        else
        {
            StepOnDevice(kernel, decay);
        }

        _shards.ShareWeights();
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private void StepOnHost(AdamWKernel kernel, float decay)
    {
        long decayed = _parameters.DecayedCount;
        FlatBuffer.ForEachBlock(_shards.Part, (start, count) =>
        {
            long before = Math.Clamp(decayed - start, 0, count);
            Run(kernel, start, before, decay);
            Run(kernel, start + before, count - before, decay: 1);
            _parameters.Copy(start, count);
        });
    }

    private void StepOnDevice(AdamWKernel kernel, double decay)
    {
        using var noGrad = no_grad();
        foreach (FlatRange range in FlatRange.Blocks(_parameters.Count, NumbersAtOnce))
        {
            using var scope = NewDisposeScope();
            var (weights, gradients) = (Of(_parameters.Values), Of(_parameters.Gradients).mul(kernel.GradientFactor));
            var (first, second) = (Of(_first.Tensor), Of(_second.Tensor));
            first.mul_(kernel.Beta1).add_(gradients, alpha: 1 - kernel.Beta1);
            second.mul_(kernel.Beta2).addcmul_(gradients, gradients, value: 1 - kernel.Beta2);
            if (decay != 1 && range.Start < _parameters.DecayedCount)
            {
                weights.narrow(0, 0, Math.Min(range.Count, _parameters.DecayedCount - range.Start)).mul_(decay);
            }

            weights.addcdiv_(first, second.sqrt().mul_(kernel.RootFactor).add_(kernel.Epsilon), value: -kernel.StepSize);

            Tensor Of(Tensor buffer) => buffer.narrow(0, range.Start, range.Count);
        }

        _parameters.RefreshCopies();
    }

    private unsafe void Run(AdamWKernel kernel, long start, long count, float decay) => kernel.Run(
        _parameters.FirstValue + start, _shards.FirstGradient + start, _first.Floats + start, _second.Floats + start, count, decay);
}
