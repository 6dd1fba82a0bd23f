using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>The mask of the layers with one window.</summary>
/// <param name="Window">number of keys a token sees; null: all before it</param>
/// <param name="IsCausalOnly">whether it hides later tokens and nothing else</param>
/// <param name="Additive">null: every token sees every key. For the fused kernel [B or 1, 1, T, S], else [B · Hkv or 1, G · T, S]</param>
internal sealed record WindowMask(int? Window, bool IsCausalOnly, Tensor? Additive);
