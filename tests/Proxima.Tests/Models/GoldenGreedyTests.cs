using System.Text.Json;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

public sealed class GoldenGreedyTests
{
    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void Greedy_tokens_through_the_cache_are_those_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        JsonElement greedy = golden.Numbers.GetProperty("greedy");
        int count = greedy.GetProperty("max_new_tokens").GetInt32();
        int[] stops = [.. greedy.GetProperty("eos_token_ids").EnumerateArray().Select(e => e.GetInt32())];

        int[][] tokens = GreedyDecoding.Run(model, golden["left.input_ids"], golden.Mask("left"), count);

        Assert.Equal(stops.Order(), model.Config.EosTokenIds.Order());
        Assert.Equal(Rows(greedy, "tokens_without_eos"), tokens);
        Assert.Equal(Rows(greedy, "tokens"), tokens.Select(row => UpToFirstStop(row, stops)));
    }

    [Fact]
    public void Rows_kept_and_repeated_in_the_cache_go_on_as_before()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new("llama_gqa_tied");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        var ids = golden["left.input_ids"];
        var mask = golden.Mask("left");
        using KeyValueCache cache = new(model.Config, 4, 20, ScalarType.Float32);
        model.Decoder.Forward(ids, golden["left.position_ids"], mask, cache);
        cache.KeepRows(tensor([2L, 0L]));
        cache.RepeatRows(2);

        var rows = tensor([2L, 2L, 0L, 0L]);
        var next = tensor([5L, 6L, 7L, 8L]).unsqueeze(1);
        var positions = golden["lengths"].index_select(0, rows).unsqueeze(1);
        var seen = cat([mask.index_select(0, rows), ones([4, 1], dtype: ScalarType.Bool)], 1);
        var cached = model.Decoder.Forward(next, positions, seen, cache);

        var whole = cat([ids.index_select(0, rows), next], 1);
        var allPositions = cat([golden["left.position_ids"].index_select(0, rows), positions], 1);
        var expected = model.Decoder.Forward(whole, allPositions, seen).narrow(1, whole.shape[1] - 1, 1);
        TensorAssert.Close(expected, cached, 2e-5, "hidden");
        Assert.Equal((4, ids.shape[1] + 1), (cache.Batch, cache.Length));
    }

    [Fact]
    public void A_text_in_two_pieces_gives_the_hidden_states_of_the_whole()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new("llama_rope_llama3");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        var ids = golden["right.input_ids"].narrow(0, 0, 1);
        var positions = golden["right.position_ids"].narrow(0, 0, 1);
        long T = ids.shape[1];
        using KeyValueCache cache = new(model.Config, 1, (int)T, ScalarType.Float32);

        var first = model.Decoder.Forward(ids.narrow(1, 0, 10), positions.narrow(1, 0, 10), cache: cache);
        var second = model.Decoder.Forward(ids.narrow(1, 10, T - 10), positions.narrow(1, 10, T - 10), cache: cache);

        TensorAssert.Close(model.Decoder.Forward(ids, positions), cat([first, second], 1), 2e-5, "hidden");
    }

    private static int[][] Rows(JsonElement greedy, string key) =>
        [.. greedy.GetProperty(key).EnumerateArray().Select(row => row.EnumerateArray().Select(e => e.GetInt32()).ToArray())];

    private static int[] UpToFirstStop(int[] row, int[] stops)
    {
        int stop = Array.FindIndex(row, stops.Contains);
        return stop < 0 ? row : row[..(stop + 1)];
    }
}
