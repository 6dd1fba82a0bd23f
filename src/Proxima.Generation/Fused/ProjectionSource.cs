using static TorchSharp.torch;

namespace Proxima.Generation.Fused;

/// <summary>A matrix of the model that goes into a packed one.</summary>
/// <param name="Weight">[out, in] or [in, out]</param>
/// <param name="Bias">[out]; null: none</param>
internal sealed record ProjectionSource(Tensor Weight, Tensor? Bias);
