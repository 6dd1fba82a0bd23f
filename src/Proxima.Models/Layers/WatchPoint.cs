using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>
/// Passes a tensor through, and tells when the gradient comes back through it. Autograd takes ready operations in the reverse order of the
/// forward pass, and sums gradients of weights before all others: at the point before a layer, those of its weights are complete.
/// </summary>
internal sealed class WatchPoint : autograd.SingleTensorFunction<WatchPoint>
{
    private const string TellKey = "tell";

    [ThreadStatic]
    private static Tensor? Taken; // the gradient that the last point passed on: free once another one does

    /// <inheritdoc />
    public override string Name => nameof(WatchPoint);

    /// <param name="x">any shape</param>
    /// <param name="tell">called in the backward pass; what it throws ends the process</param>
    /// <returns>the same numbers</returns>
    public static Tensor Pass(Tensor x, Action tell) => apply([tell, x]);

    /// <inheritdoc />
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.save_data(TellKey, vars[0]);
        return ((Tensor)vars[1]).alias();
    }

    /// <inheritdoc />
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ((Action)ctx.get_data(TellKey))();
        Taken?.Dispose();
        Taken = grad_output;
        return [null!, grad_output];
    }
}
