using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, algorithm 2) over flat buffers, with torch.optim's order of operations: decay, moments,
/// then w −= rate ÷ (1 − β₁ᵗ) · m ÷ (√v ÷ √(1 − β₂ᵗ) + ε).
/// </summary>
public sealed class AdamW : IDisposable
{
    private readonly FlatParameters _parameters;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;

    public AdamW(FlatParameters parameters, double beta1, double beta2, double epsilon, double weightDecay)
    {
        (_parameters, _beta1, _beta2, _epsilon, _weightDecay) = (parameters, beta1, beta2, epsilon, weightDecay);
        FirstMoments = zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoments = zeros_like(parameters.Values).DetachFromDisposeScope();
    }

    /// <summary>[N] running mean of the gradients.</summary>
    public Tensor FirstMoments { get; }

    /// <summary>[N] running mean of their squares.</summary>
    public Tensor SecondMoments { get; }

    /// <summary>Steps taken, t.</summary>
    public long Steps { get; set; }

    /// <summary>Moves the weights by the gradients in <see cref="FlatParameters.Gradients"/>.</summary>
    /// <param name="rate">learning rate of this step</param>
    public void Step(double rate)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        var gradients = _parameters.Gradients;
        if (_weightDecay != 0)
        {
            _parameters.Values.narrow(0, 0, _parameters.DecayedCount).mul_(1 - (rate * _weightDecay));
        }

        FirstMoments.lerp_(gradients, 1 - _beta1);
        SecondMoments.mul_(_beta2).addcmul_(gradients, gradients, 1 - _beta2);
        double correction1 = 1 - Math.Pow(_beta1, Steps);
        double correction2 = Math.Sqrt(1 - Math.Pow(_beta2, Steps));
        var denominator = SecondMoments.sqrt().div_(correction2).add_(_epsilon);
        _parameters.Values.addcdiv_(FirstMoments, denominator, -rate / correction1);
    }

    public void Dispose()
    {
        FirstMoments.Dispose();
        SecondMoments.Dispose();
    }
}
