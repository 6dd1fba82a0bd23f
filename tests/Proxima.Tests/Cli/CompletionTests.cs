using System.Diagnostics;
using Proxima.Cli;
using Proxima.Core;
using Proxima.TestSupport;
using Proxima.Training.Rewards;

namespace Proxima.Tests.Cli;

/// <summary>The completion scripts in the shells themselves.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("im", "import-config")]
    [InlineData("data c", "check convert")]
    [InlineData("ppo --lr_sch", "--lr_scheduler_type")]
    [InlineData("ppo --lr_scheduler_type co", "cosine constant constant_with_warmup")]
    [InlineData("ppo --do_eval ", "true false")]
    [InlineData("data check --ki", "--kind")]
    [InlineData("sft --kl_co", "")]
    [InlineData("completion z", "zsh")]
    public async Task Bash_completes(string line, string expected)
    {
        string[] words = ["proxima", .. line.Split(' ')];
        string program = $"source {Script("bash")}; COMP_WORDS=({string.Join(' ', words.Select(word => $"'{word}'"))}); COMP_CWORD={words.Length - 1}; _proxima; echo \"${{COMPREPLY[*]}}\"";

        Assert.Equal(expected, await OutputAsync("bash", "--norc", "-c", program));
    }

    [Fact]
    public async Task Bash_completes_files_where_a_value_is_a_path()
    {
        File.WriteAllText(_folder.At("my run.json"), "");
        string program = $"source {Script("bash")}; cd {_folder.FullPath}; COMP_WORDS=(proxima ppo my); COMP_CWORD=2; _proxima; echo \"${{COMPREPLY[0]}}\"";

        Assert.Equal("my run.json", await OutputAsync("bash", "--norc", "-c", program));
    }

    [Theory]
    [InlineData("ppo --lr_sch", "--lr_scheduler_type:schedule")]
    [InlineData("ppo --do_eval ", "true\nfalse")]
    [InlineData("data ", "check\nconvert")]
    [InlineData("im", "import-config:writes a config from the arguments of TRL, OpenRLHF or PaddleNLP")]
    public async Task Zsh_completes(string line, string expected)
    {
        RequireShell("zsh");
        string[] words = ["proxima", .. line.Split(' ')];

        // Stands in for the function of zsh: prints the choices that begin as the current word does.
        string program = $"_describe() {{ print -l -- ${{(M)choices:#$words[CURRENT]*}} }}; words=({string.Join(' ', words.Select(word => $"'{word}'"))}); CURRENT={words.Length}; source {Script("zsh")}; _proxima";

        Assert.Equal(expected, await OutputAsync("zsh", "-f", "-c", program));
    }

    [Theory]
    [InlineData("proxima ppo --lr_sch", "--lr_scheduler_type")]
    [InlineData("proxima ppo --lr_scheduler_type cosi", "cosine")]
    [InlineData("proxima data chec", "check")]
    [InlineData("proxima data check --max_seq", "--max_seq_len")]
    public async Task Fish_completes(string line, string expected)
    {
        RequireShell("fish");

        string output = await OutputAsync("fish", "--no-config", "-c", $"source {Script("fish")}; complete -C '{line}'");

        Assert.Equal(expected, output.Split('\t')[0]);
    }

    [Fact]
    public void Another_shell_is_refused()
    {
        using StringWriter error = new();
        Assert.Equal(ExitCode.Usage, CommandDispatcher.Run(["completion", "tcsh"], new CommandConsole { Output = TextWriter.Null, Error = error }, new Dictionary<string, IRewardFunction>()));
        Assert.Contains("bash|zsh|fish", error.ToString(), StringComparison.Ordinal);
    }

    private static void RequireShell(string name) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name))), $"needs the shell {name}");

    /// <summary>Writes the script of a shell to a file.</summary>
    private string Script(string shell)
    {
        using StringWriter script = new();
        Assert.Equal(ExitCode.Done, CommandDispatcher.Run(["completion", shell], new CommandConsole { Output = script, Error = TextWriter.Null }, new Dictionary<string, IRewardFunction>()));
        return _folder.Write($"script.{shell}", script.ToString());
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        return output.TrimEnd('\n');
    }
}
