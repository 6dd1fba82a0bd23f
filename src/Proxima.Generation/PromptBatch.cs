using static TorchSharp.torch;

namespace Proxima.Generation;

/// <summary>Prompts padded on the left. Positions and the mask come from lengths; the id that pads is never looked at.</summary>
internal sealed class PromptBatch : IDisposable
{
    private Tensor? _keyMask;

    /// <param name="prompts">ids of each prompt, none empty</param>
    /// <param name="reserve">columns to come after the prompts</param>
    /// <param name="device">of the model</param>
    public PromptBatch(IReadOnlyList<int[]> prompts, int reserve, Device device)
    {
        int B = prompts.Count;
        int P = prompts.Max(prompt => prompt.Length);
        long[] ids = new long[B * P];
        long[] positions = new long[B * P];
        bool[] mask = new bool[B * (P + reserve)];
        for (int b = 0; b < B; b++)
        {
            int padding = P - prompts[b].Length;
            for (int i = 0; i < prompts[b].Length; i++)
            {
                ids[(b * P) + padding + i] = prompts[b][i];
                positions[(b * P) + padding + i] = i;
            }

            mask.AsSpan((b * (P + reserve)) + padding, P + reserve - padding).Fill(true);
        }

        Width = P;
        Ids = tensor(ids, device: device).view(B, P);
        Positions = tensor(positions, device: device).view(B, P);
        _keyMask = prompts.All(prompt => prompt.Length == P) ? null : tensor(mask, device: device).view(B, P + reserve);
    }

    /// <summary>Columns of the longest prompt, P.</summary>
    public int Width { get; }

    /// <summary>[B, P] int64.</summary>
    public Tensor Ids { get; }

    /// <summary>[B, P] int64; a pad has position 0.</summary>
    public Tensor Positions { get; }

    /// <summary>[B, <paramref name="columns"/>] true where a key may be seen; null when no prompt is padded.</summary>
    public Tensor? KeyMask(int columns) => _keyMask?.narrow(1, 0, columns);

    /// <summary>Each row's mask <paramref name="times"/> times, side by side.</summary>
    public void RepeatRows(int times) => Replace(mask => mask.repeat_interleave(times, dim: 0));

    /// <summary>Keeps the rows named, in that order.</summary>
    /// <param name="rows">[B'] int64</param>
    public void KeepRows(Tensor rows) => Replace(mask => mask.index_select(0, rows));

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        _keyMask?.Dispose();
    }

    private void Replace(Func<Tensor, Tensor> change)
    {
        if (_keyMask is not null)
        {
            var changed = change(_keyMask).DetachFromDisposeScope();
            _keyMask.Dispose();
            _keyMask = changed;
        }
    }
}
