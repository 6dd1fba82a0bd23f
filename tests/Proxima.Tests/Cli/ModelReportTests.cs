using System.Globalization;
using System.Text.RegularExpressions;
using Proxima.Cli.Doctor;
using Proxima.Core;
using Proxima.Models.Weights;
using Proxima.Tests.Models;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Cli;

public sealed partial class ModelReportTests : IDisposable
{
    private readonly Models.TemporaryFolder _folder = new();
    private readonly string _model;

    public ModelReportTests()
    {
        _model = _folder.CopyOf(Path.Combine(GoldenModel.FolderOf("llama_gqa_tied"), "causal"), "model");
        File.Copy(RepositoryPaths.InRepository("tests", "goldens", "tokenizers", "small", "qwen2_like.json"), InModel("tokenizer.json"));
    }

    public static TheoryData<string, string> Folders()
    {
        TheoryData<string, string> folders = [];
        foreach (string name in GoldenCases.All.Select(row => row.Data))
        {
            foreach (string folder in Directory.GetDirectories(GoldenModel.FolderOf(name)))
            {
                folders.Add(name, Path.GetFileName(folder));
            }
        }

        return folders;
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_reference_model_passes_its_self_test_and_agrees_with_the_golden_beside_it(string name, string folder)
    {
        using GoldenModel golden = new(name);

        (ExitCode exitCode, string[] lines) = Report(Path.Combine(golden.Folder, folder));

        Assert.Equal(ExitCode.Done, exitCode);
        string family = golden.Numbers.GetProperty("family").GetString()!;
        Assert.Contains(lines, line => line.StartsWith($"  family         {family}: ", StringComparison.Ordinal));
        string type = golden.Numbers.GetProperty("stored_dtype").GetString() == "bfloat16" ? "BF16" : "F32";
        Assert.Contains(lines, line => line.EndsWith($"stored as {type}", StringComparison.Ordinal));
        if (folder != "score")
        {
            Assert.Contains(lines, line => line.Contains($"{golden.Numbers.GetProperty("parameters").GetInt64():n0}, stored", StringComparison.Ordinal));
        }

        if (name == "long" && folder != "score")
        {
            Assert.InRange(LargestDifference(lines), 0, 2e-4); // its log-probs; its logits are those of the last tokens
            return;
        }

        Assert.InRange(LargestDifference(lines), 0, 1e-4);
    }

    [Fact]
    public void Every_folder_in_an_odd_style_passes_its_self_test_and_agrees_with_the_golden_beside_it() =>
        Assert.All(Directory.GetDirectories(RepositoryPaths.InRepository("tests", "goldens", "variants")), variant =>
        {
            (ExitCode exitCode, string[] lines) = Report(Assert.Single(Directory.GetDirectories(variant)));

            Assert.Equal(ExitCode.Done, exitCode);
            Assert.InRange(LargestDifference(lines), 0, 1e-4);
        });

    [Fact]
    public void Weights_that_changed_show_in_the_difference_and_broken_ones_fail()
    {
        string causal = _folder.CopyOf(Path.Combine(GoldenModel.FolderOf("llama_rope_linear"), "causal"), "causal");
        foreach (string file in new[] { "golden.json", "golden.safetensors" })
        {
            File.Copy(Path.Combine(GoldenModel.FolderOf("llama_rope_linear"), file), _folder.Combine(file));
        }

        Assert.InRange(LargestDifference(Report(causal).Lines), 0, 1e-4);
        Change(causal, "model.norm.weight", weight => weight.add(0.01));
        Assert.InRange(LargestDifference(Report(causal).Lines), 1e-3, 1);
        Change(causal, "model.norm.weight", weight => weight.fill_(double.NaN));
        File.Delete(_folder.Combine("golden.json"));

        (ExitCode exitCode, string[] lines) = Report(causal);

        Assert.Equal(ExitCode.Numerical, exitCode);
        Assert.Contains(lines, line => line.StartsWith("  self-test      FAIL  finite", StringComparison.Ordinal));
    }

    [Fact]
    public void Scored_texts_and_prompts_with_log_probs_are_compared_too()
    {
        Assert.InRange(LargestDifference(Report(RepositoryPaths.Shared("models", "stories260k-reward")).Lines), 0, 1e-4);
        string causal = _folder.CopyOf(Path.Combine(GoldenModel.FolderOf("llama_mha_untied"), "causal"), "causal");
        using GoldenModel golden = new("llama_mha_untied");
        long[] ids = golden["right.input_ids"][0].data<long>().ToArray()[..(int)golden["lengths"][0].item<long>()];
        float[] logProbs = golden["logprobs"][0].data<float>().ToArray()[..(ids.Length - 1)];
        string numbers = string.Join(", ", logProbs.Select(x => x.ToString("r", CultureInfo.InvariantCulture)));
        File.WriteAllText(
            Path.Combine(causal, "golden.json"), $$"""{"prompts": [{"token_ids": [{{string.Join(", ", ids)}}], "prompt_token_log_probs": [{{numbers}}]}]}""");

        Assert.InRange(LargestDifference(Report(causal).Lines), 1e-9, 1e-4);
    }

    [Fact]
    public void A_golden_file_of_another_kind_is_said_to_be_one()
    {
        File.WriteAllText(InModel("golden.json"), "{}");
        Assert.Contains(Report(_model).Lines, line => line.EndsWith("golden.json holds nothing to compare a LlamaForCausalLM with", StringComparison.Ordinal));
    }

    [Fact]
    public void A_golden_file_of_another_model_is_an_error()
    {
        File.Copy(Path.Combine(GoldenModel.FolderOf("qwen2_gqa"), "golden.json"), InModel("golden.json"));
        File.Copy(Path.Combine(GoldenModel.FolderOf("qwen2_gqa"), "golden.safetensors"), InModel("golden.safetensors"));
        Assert.Contains("the vocabulary of the model has 96 tokens", Assert.Throws<ProximaException>(() => Report(_model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"prompts\": [{}]}", "cannot be compared with the model")]
    [InlineData("{\"prompts\": [{\"token_ids\": [96], \"prompt_token_log_probs\": []}]}", "it holds the id 96")]
    [InlineData("{", "cannot be compared with the model")]
    public void A_malformed_golden_file_is_an_error(string text, string message)
    {
        File.WriteAllText(InModel("golden.json"), text);

        ProximaException error = Assert.Throws<ProximaException>(() => Report(_model));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_template_turns_are_joined_by_a_newline()
    {
        string[] lines = Report(_model).Lines;
        Assert.Contains(lines, line => line.Contains("BPE (byte-level), 2607 tokens", StringComparison.Ordinal));
        Assert.Contains("  chat template  none: turns are joined by a newline", lines);
        Assert.Contains("    A friend who tells stories.", lines);
    }

    [Fact]
    public void With_a_template_its_text_its_end_of_turn_and_a_rendered_example_are_shown()
    {
        const string Template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";
        File.WriteAllText(InModel("chat_template.jinja"), Template);
        string[] lines = Report(_model).Lines;
        Assert.Contains(lines, line => line.StartsWith("  chat template ", StringComparison.Ordinal) && line.EndsWith("a turn ends with <|im_end|>", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  stop ids ", StringComparison.Ordinal) && line.Contains("2602 <|im_end|>", StringComparison.Ordinal));
        Assert.Contains("    A friend who tells stories.<|im_end|>", lines);
        Assert.Contains("    {{ m.content }}<|im_end|>", lines);
        Assert.DoesNotContain(lines, line => line.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_a_trainer_wrote_is_described_with_its_own_tokenizer()
    {
        string[] lines = Report(RepositoryPaths.InRepository("tests", "goldens", "ppo", "trl", "models", "policy")).Lines;
        Assert.Contains(lines, line => line.EndsWith(", 64 tokens", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  stop ids       1 ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() =>
        Assert.Equal(ExitCode.Data, Assert.Throws<ProximaException>(() => Report(InModel("nowhere"))).ExitCode);

    public void Dispose() => _folder.Dispose();

    private static void Change(string folder, string name, Func<Tensor, Tensor> change)
    {
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder, "model.safetensors");
        Dictionary<string, Tensor> tensors;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            tensors = file.Header.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));
        }

        tensors[name] = change(tensors[name]);
        SafetensorsWriter.Write(path, tensors, SafetensorsWriter.TorchMetadata);
    }

    private static double LargestDifference(string[] lines)
    {
        string line = Assert.Single(lines, line => line.StartsWith("  golden.json ", StringComparison.Ordinal));
        return double.Parse(MaxDelta().Match(line).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static (ExitCode ExitCode, string[] Lines) Report(string folder)
    {
        List<string> lines = [];
        return (ModelReport.Write(folder, lines.Add), [.. lines]);
    }

    [GeneratedRegex(@"max \|Δ\| (\S+) ")]
    private static partial Regex MaxDelta();

    private string InModel(string name) => Path.Combine(_model, name);
}
