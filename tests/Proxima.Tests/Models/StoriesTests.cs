using System.Text.Json;
using Proxima.Models;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

public sealed class StoriesTests
{
    [Fact]
    public void Logits_argmax_and_greedy_tokens_of_stories260k_are_the_golden_ones()
    {
        string folder = RepositoryPaths.Shared("models", "stories260k");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden_logits.json")));
        JsonElement golden = document.RootElement;
        using CausalLanguageModel model = ModelFolder.LoadCausal(folder, ScalarType.Float32);
        var ids = Ids(golden.GetProperty("ids"));
        var mask = ones_like(ids).to_type(ScalarType.Bool);

        var logits = model.Logits(model.Decoder.Forward(ids, Positions(ids)))[0, -1];

        float[] first = [.. golden.GetProperty("last_logits_first8").EnumerateArray().Select(e => e.GetSingle())];
        TensorAssert.Close(tensor(first), logits.narrow(0, 0, 8), 1e-4, "logits");
        Assert.Equal(golden.GetProperty("argmax").GetInt64(), logits.argmax().item<long>());
        int[] greedy = [.. golden.GetProperty("greedy_64").EnumerateArray().Select(e => e.GetInt32())];
        int[] found = GreedyDecoding.Run(model, ids, mask, greedy.Length - (int)ids.shape[1])[0];
        Assert.Equal(greedy, ids[0].data<long>().ToArray().Select(id => (int)id).Concat(found));
    }

    [Fact]
    public void Scores_of_stories260k_reward_are_the_golden_ones()
    {
        string folder = RepositoryPaths.Shared("models", "stories260k-reward");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        using ScoreModel model = ModelFolder.LoadScore(folder, ScalarType.Float32);
        foreach (JsonElement text in document.RootElement.GetProperty("texts").EnumerateArray())
        {
            var ids = Ids(text.GetProperty("ids"));
            var values = model.Values(model.Decoder.Forward(ids, Positions(ids)));
            Assert.Equal(text.GetProperty("score").GetDouble(), values[0, -1].item<float>(), 1e-4);
        }
    }

    private static Tensor Ids(JsonElement list) =>
        tensor([.. list.EnumerateArray().Select(e => e.GetInt64())], dtype: ScalarType.Int64).unsqueeze(0);

    private static Tensor Positions(Tensor ids) => arange(ids.shape[1], dtype: ScalarType.Int64).unsqueeze(0);
}
