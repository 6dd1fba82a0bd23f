using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

internal static class GreedyDecoding
{
    /// <summary>The likeliest tokens after left padded prompts: ids [B, P] int64, mask [B, P] bool.</summary>
    public static int[][] Run(CausalLanguageModel model, Tensor ids, Tensor mask, int count)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        long B = ids.shape[0];
        using KeyValueCache cache = new(model.Config, (int)B, (int)ids.shape[1] + count, ScalarType.Float32);
        var positions = mask.to_type(ScalarType.Int64).cumsum(1).sub(1).clamp(min: 0);
        List<Tensor> tokens = [];
        while (tokens.Count < count)
        {
            var hidden = model.Decoder.Forward(ids, positions, mask, cache);
            ids = model.Logits(hidden.narrow(1, hidden.shape[1] - 1, 1)).argmax(-1); // [B, 1]
            positions = positions.narrow(1, positions.shape[1] - 1, 1).add(1);
            mask = cat([mask, ones([B, 1], dtype: ScalarType.Bool)], 1);
            tokens.Add(ids);
        }

        var all = cat(tokens, 1);
        return [.. Enumerable.Range(0, (int)B).Select(row => all[row].data<long>().ToArray().Select(id => (int)id).ToArray())];
    }
}
