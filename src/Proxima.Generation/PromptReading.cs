using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Generation;

/// <summary>
/// Prompts that a model has read: its keys and values, with room for the answers that is taken once, and the logits of the next token. All rows
/// grow together. One row for each response, the samples of a prompt side by side.
/// </summary>
internal sealed class PromptReading : IDisposable
{
    private readonly CausalLanguageModel _model;
    private readonly PromptBatch _batch;
    private readonly KeyValueCache _cache;
    private Tensor _logits;

    /// <param name="model">the model that answers</param>
    /// <param name="prompts">ids of each prompt, none empty</param>
    /// <param name="samples">responses for each prompt</param>
    /// <param name="reserve">new tokens at most</param>
    public PromptReading(CausalLanguageModel model, IReadOnlyList<int[]> prompts, int samples, int reserve)
    {
        _model = model;
        _batch = new PromptBatch(prompts, reserve, model.Decoder.Device);
        _cache = new KeyValueCache(model.Config, prompts.Count, _batch.Width + reserve, model.Decoder.ProductType, model.Decoder.Device);
        try
        {
            _logits = ReadPrompts(samples);
        }
        catch
        {
            _cache.Dispose();
            _batch.Dispose();
            throw;
        }
    }

    /// <summary>[B, V] logits of the next token of each row, in the type of products; until the next call of <see cref="Read"/>.</summary>
    public Tensor Logits => _logits;

    /// <summary>Reads one token more of each row.</summary>
    /// <param name="ids">[B, 1] int64</param>
    /// <param name="positions">[B, 1] int64 their places in the texts</param>
    public void Read(Tensor ids, Tensor positions)
    {
        using var scope = NewDisposeScope();
        var hidden = _model.Decoder.Forward(ids, positions, _batch.KeyMask(_cache.Length + 1), _cache); // [B, 1, C]
        _logits.Dispose();
        _logits = _model.Logits(hidden.squeeze(1)).DetachFromDisposeScope(); // [B, V]
    }

    /// <summary>Keeps some rows, in the given order.</summary>
    /// <param name="rows">[B'] int64</param>
    public void KeepRows(Tensor rows)
    {
        _cache.KeepRows(rows);
        _batch.KeepRows(rows);
    }

    /// <returns>[B, V] logits of the first new token</returns>
    private Tensor ReadPrompts(int samples)
    {
        using var scope = NewDisposeScope();
        var hidden = _model.Decoder.Forward(_batch.Ids, _batch.Positions, _batch.KeyMask(_batch.Width), _cache); // [B, P, C]
        var logits = _model.Logits(hidden.select(1, _batch.Width - 1).contiguous()); // [B, V]
        if (samples > 1)
        {
            _cache.RepeatRows(samples);
            _batch.RepeatRows(samples);
            logits = logits.repeat_interleave(samples, dim: 0);
        }

        return logits.DetachFromDisposeScope();
    }

    public void Dispose()
    {
        _logits.Dispose();
        _cache.Dispose();
        _batch.Dispose();
    }
}
