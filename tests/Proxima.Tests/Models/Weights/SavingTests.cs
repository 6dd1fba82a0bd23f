using System.Text.Json.Nodes;
using Proxima.Models;
using Proxima.Models.Weights;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Models.Weights;

public sealed class SavingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void A_language_model_that_did_not_change_is_saved_byte_for_byte(string name)
    {
        string source = Path.Combine(GoldenModel.FolderOf(name), "causal");
        using (CausalLanguageModel model = ModelFolder.LoadCausal(source, ScalarType.Float32))
        {
            ModelFolder.Save(model, source, _folder.Path);
        }

        AssertSameFiles(source, _folder.Path, except: "config_v4.json");
    }

    [Theory]
    [MemberData(nameof(GoldenCases.WithScore), MemberType = typeof(GoldenCases))]
    public void A_score_model_that_did_not_change_is_saved_byte_for_byte(string name)
    {
        string source = Path.Combine(GoldenModel.FolderOf(name), "score");
        using (ScoreModel model = ModelFolder.LoadScore(source, ScalarType.Float32))
        {
            ModelFolder.Save(model, source, _folder.Path);
        }

        AssertSameFiles(source, _folder.Path, except: "config_v4.json");
    }

    [Theory]
    [MemberData(nameof(GoldenCases.WithScore), MemberType = typeof(GoldenCases))]
    public void A_critic_made_of_a_language_model_has_keys_shapes_and_configuration_of_a_classifier(string name)
    {
        string folder = GoldenModel.FolderOf(name);
        string source = Path.Combine(folder, "causal");
        using (ScoreModel model = ModelFolder.LoadScoreWithZeroHead(source, ScalarType.Float32))
        {
            ModelFolder.Save(model, source, _folder.Path);
        }

        string expected = Path.Combine(folder, "score");
        Assert.Equal(File.ReadAllText(Path.Combine(expected, "config.json")), File.ReadAllText(_folder.Combine("config.json")));
        using SafetensorsFile theirs = SafetensorsFile.Open(Path.Combine(expected, "model.safetensors"));
        using SafetensorsFile ours = SafetensorsFile.Open(_folder.Combine("model.safetensors"));
        Assert.Equal(theirs.Header.ToBytes(), ours.Header.ToBytes());
        Assert.True(ModelFolder.HasScoreHead(_folder.Path));
        using ScoreModel again = ModelFolder.LoadScore(_folder.Path, ScalarType.Float32);
        Assert.Equal(HeadOrigin.Loaded, again.HeadOrigin);
        Assert.Equal(0, again.ScoreWeight.abs().max().item<float>());
    }

    [Fact]
    public void The_files_of_stories260k_come_back_with_its_tokenizer_and_no_others()
    {
        string source = RepositoryPaths.Shared("models", "stories260k");
        using CausalLanguageModel model = ModelFolder.LoadCausal(source, ScalarType.Float32);

        ModelFolder.Save(model, source, _folder.Path);

        foreach (string file in Directory.GetFiles(_folder.Path))
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(source, Path.GetFileName(file))), File.ReadAllBytes(file));
        }

        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"], FileNames(_folder.Path));
    }

    [Fact]
    public void Changed_weights_differ_and_nothing_else_does()
    {
        string source = Path.Combine(GoldenModel.FolderOf("llama_gqa_tied"), "causal");
        using CausalLanguageModel model = ModelFolder.LoadCausal(source, ScalarType.Float32);
        using (no_grad())
        {
            model.NamedParameters().Single(parameter => parameter.Name == "model.norm.weight").Value.add_(1);
        }

        ModelFolder.Save(model, source, _folder.Path);

        foreach (string name in FileNames(_folder.Path))
        {
            bool isSame = File.ReadAllBytes(Path.Combine(source, name)).SequenceEqual(File.ReadAllBytes(_folder.Combine(name)));
            Assert.Equal(name != "model-00003-of-00003.safetensors", isSame);
        }
    }

    [Fact]
    public void A_new_head_is_drawn_with_the_spread_of_the_configuration_and_depends_on_its_seed_alone()
    {
        string source = RepositoryPaths.Shared("models", "stories260k");
        using ScoreModel first = ModelFolder.LoadScore(source, ScalarType.Float32, headSeed: 1);
        using ScoreModel same = ModelFolder.LoadScore(source, ScalarType.Float32, headSeed: 1);
        using ScoreModel other = ModelFolder.LoadScore(source, ScalarType.Float32, headSeed: 2);

        Assert.Equal(HeadOrigin.Drawn, first.HeadOrigin);
        Assert.True(first.ScoreWeight.equal(same.ScoreWeight).all().item<bool>());
        Assert.False(first.ScoreWeight.equal(other.ScoreWeight).all().item<bool>());
        Assert.InRange(first.ScoreWeight.std().item<float>(), 0.014, 0.026); // .02 for 64 draws
    }

    [Fact]
    public void A_tied_projection_that_the_file_lists_is_saved_with_the_embedding_it_is_tied_to()
    {
        string source = _folder.CopyOf(Path.Combine(GoldenModel.FolderOf("llama_rope_linear"), "causal"), "source");
        string path = Path.Combine(source, "model.safetensors");
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            tensors = file.Header.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));
        }

        tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"];
        SafetensorsWriter.Write(path, tensors, SafetensorsWriter.TorchMetadata);
        using CausalLanguageModel model = ModelFolder.LoadCausal(source, ScalarType.Float32);
        using (no_grad())
        {
            model.HeadWeight.add_(1);
        }

        ModelFolder.Save(model, source, _folder.Combine("target"));

        using SafetensorsFile saved = SafetensorsFile.Open(_folder.Combine("target", "model.safetensors"));
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), saved.Header.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        TensorAssert.Close(saved.Read("model.embed_tokens.weight"), saved.Read("lm_head.weight"), 0, "head");
        TensorAssert.Close(model.HeadWeight, saved.Read("lm_head.weight"), 0, "head");
    }

    [Fact]
    public void A_folder_in_bfloat16_is_saved_in_bfloat16_and_a_new_head_too()
    {
        string source = _folder.CopyOf(Path.Combine(GoldenModel.FolderOf("llama_mha_untied"), "causal"), "source");
        string path = Path.Combine(source, "model.safetensors");
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            tensors = file.Header.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name).to_type(ScalarType.BFloat16));
        }

        SafetensorsWriter.Write(path, tensors, SafetensorsWriter.TorchMetadata);
        using CausalLanguageModel model = ModelFolder.LoadCausal(source, ScalarType.Float32);
        using ScoreModel critic = ModelFolder.LoadScoreWithZeroHead(source, ScalarType.Float32);

        ModelFolder.Save(model, source, _folder.Combine("actor"));
        ModelFolder.Save(critic, source, _folder.Combine("critic"));

        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder.Combine("actor", "model.safetensors")));
        using SafetensorsFile saved = SafetensorsFile.Open(_folder.Combine("critic", "model.safetensors"));
        Assert.All(saved.Header.Tensors, tensor => Assert.Equal("BF16", tensor.Type.Name));
    }

    [Fact]
    public void The_configuration_of_a_classifier_keeps_every_other_key_as_it_was_written()
    {
        string source = _folder.CopyOf(Path.Combine(GoldenModel.FolderOf("llama_mha_untied"), "causal"), "source");
        string text = File.ReadAllText(Path.Combine(source, "config.json")).Replace("1e-06", "1.00e-06", StringComparison.Ordinal);
        JsonObject edited = JsonNode.Parse(text)!.AsObject();
        edited["note"] = "é <b>";
        File.WriteAllText(Path.Combine(source, "config.json"), edited.ToJsonString());
        using ScoreModel critic = ModelFolder.LoadScoreWithZeroHead(source, ScalarType.Float32);

        ModelFolder.Save(critic, source, _folder.Combine("critic"));

        string saved = File.ReadAllText(_folder.Combine("critic", "config.json"));
        Assert.Contains("1.00e-06", saved, StringComparison.Ordinal);
        Assert.Contains("é <b>", saved, StringComparison.Ordinal);
        JsonObject after = JsonNode.Parse(saved)!.AsObject();
        foreach ((string key, JsonNode? value) in edited)
        {
            Assert.True(key == "architectures" || JsonNode.DeepEquals(value, after[key]), key);
        }

        Assert.Equal(edited.Count + 2, after.Count);
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertSameFiles(string source, string target, string except)
    {
        Assert.Equal(FileNames(source).Where(name => name != except), FileNames(target));
        foreach (string name in FileNames(target))
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(source, name)).SequenceEqual(File.ReadAllBytes(Path.Combine(target, name))),
                $"{name} differs");
        }
    }

    private static string[] FileNames(string folder) => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
