using Proxima.Models;
using Proxima.Models.Weights;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

/// <summary>Folders in the odd styles of published files (tests/goldens/variants), against a decoder in numpy.</summary>
public sealed class VariantTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Causal => [.. Names.Where(name => Directory.Exists(FolderOf(name, "causal")))];

    private static IEnumerable<string> Names =>
        Directory.GetDirectories(RepositoryPaths.InRepository("tests", "goldens", "variants")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Causal))]
    public void Logits_are_those_of_the_independent_decoder_for_both_sides_of_padding(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using SafetensorsFile golden = SafetensorsFile.Open(FolderOf(name, "golden.safetensors"));
        using CausalLanguageModel model = ModelFolder.LoadCausal(FolderOf(name, "causal"), ScalarType.Float32);
        var ids = golden.Read("right.input_ids");
        var mask = golden.Read("right.attention_mask") > 0;
        var expected = golden.Read("logits");

        var right = model.Logits(model.Decoder.Forward(ids, golden.Read("right.position_ids")));

        TensorAssert.Close(expected, right, Tolerance, "right", mask.unsqueeze(-1));
        long T = ids.shape[1];
        long[] lengths = golden.Read("lengths").data<long>().ToArray();
        var left = stack([.. lengths.Select((length, row) => ids[row].roll(T - length))]);
        var leftMask = stack([.. lengths.Select((length, row) => mask[row].roll(T - length))]);
        var positions = leftMask.to_type(ScalarType.Int64).cumsum(1).sub(1).clamp(min: 0);
        var logits = model.Logits(model.Decoder.Forward(left, positions, leftMask));
        TensorAssert.Close(expected[mask], logits[leftMask], Tolerance, "left");
    }

    [Fact]
    public void Values_of_a_score_model_without_prefix_and_labels_are_those_of_the_independent_decoder()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using SafetensorsFile golden = SafetensorsFile.Open(FolderOf("score_no_prefix", "golden.safetensors"));
        using ScoreModel model = ModelFolder.LoadScore(FolderOf("score_no_prefix", "score"), ScalarType.Float32);

        var values = model.Values(model.Decoder.Forward(golden.Read("right.input_ids"), golden.Read("right.position_ids")));

        TensorAssert.Close(golden.Read("score.values"), values, Tolerance, "values", golden.Read("right.attention_mask") > 0);
    }

    [Theory]
    [MemberData(nameof(Causal))]
    public void What_is_saved_has_the_names_types_and_numbers_that_were_loaded_but_for_buffers(string name)
    {
        using var scope = NewDisposeScope();
        using TemporaryFolder folder = new();
        string source = FolderOf(name, "causal");
        using (CausalLanguageModel model = ModelFolder.LoadCausal(source, ScalarType.Float32))
        {
            ModelFolder.Save(model, source, folder.Path);
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "config.json")), File.ReadAllBytes(folder.Combine("config.json")));
        using SafetensorsFile before = SafetensorsFile.Open(Path.Combine(source, "model.safetensors"));
        using SafetensorsFile after = SafetensorsFile.Open(folder.Combine("model.safetensors"));
        StoredTensor[] weights = [.. before.Tensors.Where(tensor => !tensor.Name.EndsWith("inv_freq", StringComparison.Ordinal))];
        Assert.Equal(weights.Select(Describe).Order(StringComparer.Ordinal), after.Tensors.Select(Describe).Order(StringComparer.Ordinal));
        Assert.All(weights, weight => TensorAssert.Close(before.Read(weight.Name), after.Read(weight.Name), 0, weight.Name));
    }

    private static string Describe(StoredTensor tensor) => $"{tensor.Name} {tensor.Type.Name} [{string.Join(", ", tensor.Shape)}]";

    private static string FolderOf(string name, string part) => RepositoryPaths.InRepository("tests", "goldens", "variants", name, part);
}
