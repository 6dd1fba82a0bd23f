using System.Text.Json.Nodes;
using Proxima.Core;
using Proxima.Models;
using Proxima.Models.Weights;
using static TorchSharp.torch;

namespace Proxima.Tests.Models.Weights;

public sealed class BrokenFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    [Fact]
    public void A_missing_folder_is_named() => AssertFails(_temporary.Combine("none"), $"{_temporary.Combine("none")} does not exist");

    [Fact]
    public void A_folder_without_a_configuration_is_an_error()
    {
        string folder = Copy("llama_mha_untied");
        File.Delete(Path.Combine(folder, "config.json"));
        AssertFails(folder, $"{folder} has no config.json");
    }

    [Fact]
    public void A_folder_without_weights_is_an_error()
    {
        string folder = Copy("llama_mha_untied");
        File.Delete(Path.Combine(folder, "model.safetensors"));
        AssertFails(folder, $"{folder} has no weights");
    }

    [Fact]
    public void A_weight_file_cut_in_half_is_an_error_that_gives_both_lengths()
    {
        string folder = Copy("llama_mha_untied");
        string path = Path.Combine(folder, "model.safetensors");
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        AssertFails(folder, "the file is cut off: its header promises 57,312 bytes of weights and it has 27,608");
    }

    [Fact]
    public void Missing_unexpected_and_misshapen_tensors_are_named_together()
    {
        string folder = Copy("llama_mha_untied");
        Rewrite(Path.Combine(folder, "model.safetensors"), tensors =>
        {
            tensors.Remove("model.norm.weight");
            tensors.Remove("model.layers.1.self_attn.k_proj.weight");
            tensors["model.layers.0.mlp.extra.weight"] = zeros(3);
            tensors["model.layers.0.mlp.up_proj.weight"] = zeros(24, 40);
        });

        AssertFails(
            folder,
            $"The weights in {folder} do not fit its config.json (LlamaForCausalLM)."
            + " Missing: model.layers.1.self_attn.k_proj.weight, model.norm.weight."
            + " Unexpected: model.layers.0.mlp.extra.weight."
            + " Wrong shape: model.layers.0.mlp.up_proj.weight is [24, 40] instead of [40, 24].");
    }

    [Fact]
    public void Of_many_missing_tensors_ten_are_named()
    {
        string folder = Copy("llama_mha_untied");
        Rewrite(Path.Combine(folder, "model.safetensors"), tensors => tensors.Keys.Where(name => name.StartsWith("model.layers", StringComparison.Ordinal)).ToList().ForEach(name => tensors.Remove(name)));
        AssertFails(folder, "model.layers.1.input_layernorm.weight and 8 more.");
    }

    [Fact]
    public void An_output_projection_that_is_missing_and_not_tied_is_named()
    {
        string folder = Copy("llama_gqa_tied");
        Edit(folder, config => config["tie_word_embeddings"] = false);
        AssertFails(folder, "Missing: lm_head.weight.");
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\\b")]
    public void An_index_that_names_a_file_outside_its_folder_is_refused(string name)
    {
        string folder = Copy("llama_gqa_tied");
        string path = Path.Combine(folder, "model.safetensors.index.json");
        JsonNode index = JsonNode.Parse(File.ReadAllText(path))!;
        index["weight_map"]!["model.norm.weight"] = name;
        File.WriteAllText(path, index.ToJsonString());
        AssertFails(folder, $"names the file \"{name}\"");
    }

    [Fact]
    public void An_index_whose_tensor_is_not_in_its_file_is_an_error()
    {
        string folder = Copy("llama_gqa_tied");
        string path = Path.Combine(folder, "model.safetensors.index.json");
        JsonNode index = JsonNode.Parse(File.ReadAllText(path))!;
        index["weight_map"]!["model.norm.weight"] = "model-00001-of-00003.safetensors";
        File.WriteAllText(path, index.ToJsonString());
        AssertFails(folder, "model-00001-of-00003.safetensors holds model.norm.weight, and it does not");
    }

    [Fact]
    public void An_index_whose_file_is_missing_names_the_file()
    {
        string folder = Copy("llama_gqa_tied");
        File.Delete(Path.Combine(folder, "model-00002-of-00003.safetensors"));
        AssertFails(folder, "model-00002-of-00003.safetensors cannot be read");
    }

    [Fact]
    public void A_score_model_is_no_language_model() =>
        AssertFails(Path.Combine(GoldenModel.FolderOf("llama_mha_untied"), "score"), "holds a LlamaForSequenceClassification");

    [Fact]
    public void A_classifier_with_two_labels_is_no_score_model()
    {
        string folder = _temporary.CopyOf(Path.Combine(GoldenModel.FolderOf("llama_mha_untied"), "score"));
        Edit(folder, config => config["id2label"] = new JsonObject { ["0"] = "A", ["1"] = "B" });

        ProximaException error = Assert.Throws<ProximaException>(() => ModelFolder.LoadScore(folder, ScalarType.Float32));

        Assert.Contains("gives 2 labels", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _temporary.Dispose();

    private static void AssertFails(string folder, string message)
    {
        ProximaException error = Assert.Throws<ProximaException>(() => ModelFolder.LoadCausal(folder, ScalarType.Float32));
        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static void Rewrite(string path, Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            tensors = file.Header.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));
        }

        change(tensors);
        SafetensorsWriter.Write(path, tensors, SafetensorsWriter.TorchMetadata);
    }

    private static void Edit(string folder, Action<JsonNode> change)
    {
        string path = Path.Combine(folder, "config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(path))!;
        change(config);
        File.WriteAllText(path, config.ToJsonString());
    }

    private string Copy(string name) => _temporary.CopyOf(Path.Combine(GoldenModel.FolderOf(name), "causal"));
}
