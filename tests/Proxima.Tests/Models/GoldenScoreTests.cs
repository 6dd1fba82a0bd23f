using Proxima.Models;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

public sealed class GoldenScoreTests
{
    [Theory]
    [MemberData(nameof(GoldenCases.WithScore), MemberType = typeof(GoldenCases))]
    public void A_configuration_in_the_style_of_transformers_4_gives_the_same_values(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using TemporaryFolder folder = new();
        string old = folder.CopyOf(golden.Score);
        File.Copy(Path.Combine(old, "config_v4.json"), Path.Combine(old, "config.json"), overwrite: true);
        using ScoreModel model = ModelFolder.LoadScore(old, ScalarType.Float32);

        var values = model.Values(golden.Hidden(model.Decoder, "right"));

        TensorAssert.Close(golden["score.values"], values, 1e-4, "values", golden.Mask("right"));
    }

    [Theory]
    [MemberData(nameof(GoldenCases.WithScore), MemberType = typeof(GoldenCases))]
    public void The_score_classes_of_transformers_agree_wherever_they_find_the_last_token(string name)
    {
        // They take the last id that is not the pad id: the wrong token where the pad is the eos and ends a row.
        using GoldenModel golden = new(name);
        foreach (string side in new[] { "right", "left" })
        {
            bool[] agrees = [.. golden.Numbers.GetProperty("score").GetProperty($"hf_pooling_agrees_{side}").EnumerateArray().Select(e => e.GetBoolean())];
            TensorAssert.Close(golden[$"score.hf_scores_{side}"], golden[$"score.scores_{side}"], 1e-5, side, tensor(agrees));
        }
    }

    [Fact]
    public void Every_case_of_the_folder_is_compared()
    {
        IEnumerable<string> folders = Directory.GetDirectories(RepositoryPaths.InRepository("tests", "goldens", "models")).Select(path => Path.GetFileName(path));
        Assert.Equal(folders.Order(StringComparer.Ordinal), GoldenCases.All.Select(row => row.Data).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void Every_array_is_compared_or_known_to_be_a_quirk(string name)
    {
        string[] compared =
        [
            "lengths", "right.", "left.", "logits", "logprobs", "entropy", "grad.", "after.", "score.values", "score.scores_", "score.hf_scores_", "score.grad.",
        ];
        string[] quirks = ["grad_padding_idx.", "score.grad_padding_idx."]; // torch drops the gradient of the pad's row, also where the pad is a real token
        using GoldenModel golden = new(name);
        Assert.All(golden.Arrays, array => Assert.True(
            compared.Concat(quirks).Any(start => array.StartsWith(start, StringComparison.Ordinal)), array));
    }
}
