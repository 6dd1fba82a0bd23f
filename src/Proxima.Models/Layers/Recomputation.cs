using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>
/// Activation recomputation (Chen et al. 2016, "Training deep nets with sublinear memory cost"): a part of a model keeps its
/// inputs alone, and its backward pass computes the rest again. The same operations run on the same numbers, so gradients are
/// the same to the bit.
/// </summary>
internal sealed class Recomputation : autograd.SingleTensorFunction<Recomputation>
{
    private const string PartKey = "part";

    private static ExceptionDispatchInfo? Failure;

    [ThreadStatic]
    private static Tensor[]? Taken; // gradients that the last backward pass handed over: free once another one runs

    /// <summary>Computes one tensor from others.</summary>
    /// <param name="inputs">the tensors that gradients flow to</param>
    /// <param name="pass">what the layers share</param>
    public delegate Tensor Compute(IReadOnlyList<Tensor> inputs, ForwardPass pass);

    /// <inheritdoc />
    public override string Name => nameof(Recomputation);

    /// <summary>Computes a part without keeping more than its inputs.</summary>
    public static Tensor Run(Compute compute, ForwardPass pass, params Tensor[] inputs) =>
        apply([new Part(compute, pass, inputs.Length, ThroughParameters), .. inputs, .. pass.Tensors]);

    /// <summary>The same for a part without parameters.</summary>
    public static Tensor RunWithoutParameters(Compute compute, ForwardPass pass, params Tensor[] inputs) =>
        apply([new Part(compute, pass, inputs.Length, ThroughInputs), .. inputs, .. pass.Tensors]);

    /// <summary>
    /// Throws what a backward pass could not: an exception there would end the process. Its gradients were set to NaN, so that no
    /// optimizer step used them.
    /// </summary>
    public static void ThrowIfFailed() => Interlocked.Exchange(ref Failure, null)?.Throw();

    /// <inheritdoc />
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        using var scope = NewDisposeScope();
        Part part = (Part)vars[0];
        List<Tensor> tensors = [.. vars.Skip(1).Cast<Tensor>()];
        ctx.save_data(PartKey, part);
        ctx.save_for_backward(tensors);
        using var noGrad = no_grad();
        return part.Compute([.. tensors.Take(part.InputCount)], part.Pass).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        using var scope = NewDisposeScope();
        foreach (Tensor taken in Taken ?? [])
        {
            taken.Dispose();
        }

        Part part = (Part)ctx.get_data(PartKey);
        List<Tensor> tensors = ctx.get_saved_variables();
        Tensor[] gradients;
        try
        {
            gradients = Gradients(part, tensors, grad_output);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Failure = ExceptionDispatchInfo.Capture(exception);
            gradients = [.. tensors.Take(part.InputCount).Select(input => full_like(input, double.NaN))];
        }

        grad_output.Dispose();
        Taken = [.. gradients.Select(gradient => gradient.MoveToOuterDisposeScope())];

        // null where no gradient flows: to the part itself and to the tensors of the pass.
        return [null!, .. Taken, .. new Tensor[tensors.Count - part.InputCount]];
    }

    private static Tensor[] Gradients(Part part, List<Tensor> tensors, Tensor gradient)
    {
        Tensor[] inputs = [.. tensors.Take(part.InputCount).Select(input => input.detach().requires_grad_(true))];
        using (enable_grad())
        {
            var result = part.Compute(inputs, part.Pass.With([.. tensors.Skip(part.InputCount)]));
            return part.Differentiate(result, inputs, gradient);
        }
    }

    private static Tensor[] ThroughParameters(Tensor result, Tensor[] inputs, Tensor gradient)
    {
        result.backward([gradient]);
        return [.. inputs.Select(input => input.grad!)];
    }

    /// <summary>Leaves gradients as they lie in memory: sums over them then run in the same order as without recomputation.</summary>
    private static Tensor[] ThroughInputs(Tensor result, Tensor[] inputs, Tensor gradient) =>
        [.. autograd.grad([result], inputs, [gradient])];

    private sealed record Part(Compute Compute, ForwardPass Pass, int InputCount, Func<Tensor, Tensor[], Tensor, Tensor[]> Differentiate);
}
