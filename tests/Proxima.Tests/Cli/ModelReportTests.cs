using Proxima.Cli;
using Proxima.Core;
using Proxima.TestSupport;

namespace Proxima.Tests.Cli;

public sealed class ModelReportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxima-test-");

    public ModelReportTests()
    {
        File.Copy(RepositoryPaths.InRepository("tests", "goldens", "models", "llama_gqa_tied", "causal", "config.json"), InFolder("config.json"));
        File.Copy(RepositoryPaths.InRepository("tests", "goldens", "tokenizers", "small", "qwen2_like.json"), InFolder("tokenizer.json"));
    }

    [Fact]
    public void Without_a_template_turns_are_joined_by_a_newline()
    {
        string[] lines = [.. ModelReport.Lines(_folder.FullName)];
        Assert.Contains(lines, line => line.Contains("BPE (byte-level), 2607 tokens", StringComparison.Ordinal));
        Assert.Contains("  chat template  none: turns are joined by a newline", lines);
        Assert.Contains("    A friend who tells stories.", lines);
    }

    [Fact]
    public void With_a_template_its_text_its_end_of_turn_and_a_rendered_example_are_shown()
    {
        const string Template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";
        File.WriteAllText(InFolder("chat_template.jinja"), Template);
        string[] lines = [.. ModelReport.Lines(_folder.FullName)];
        Assert.Contains(lines, line => line.StartsWith("  chat template ", StringComparison.Ordinal) && line.EndsWith("a turn ends with <|im_end|>", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  stop ids ", StringComparison.Ordinal) && line.Contains("2602 <|im_end|>", StringComparison.Ordinal));
        Assert.Contains("    A friend who tells stories.<|im_end|>", lines);
        Assert.Contains("    {{ m.content }}<|im_end|>", lines);
        Assert.DoesNotContain(lines, line => line.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_a_trainer_wrote_is_described_with_its_own_tokenizer()
    {
        string[] lines = [.. ModelReport.Lines(RepositoryPaths.InRepository("tests", "goldens", "ppo", "trl", "models", "policy"))];
        Assert.Contains(lines, line => line.EndsWith(", 64 tokens", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  stop ids       1 ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() =>
        Assert.Equal(ExitCode.Data, Assert.Throws<ProximaException>(() => ModelReport.Lines(InFolder("nowhere")).ToArray()).ExitCode);

    public void Dispose() => _folder.Delete(recursive: true);

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
