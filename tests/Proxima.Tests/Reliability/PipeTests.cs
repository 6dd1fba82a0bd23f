using System.Diagnostics;
using Proxima.Core;
using Proxima.Tests.Cli.Arguments;
using Proxima.Tests.Reliability.Malformed;
using static TorchSharp.torch;

namespace Proxima.Tests.Reliability;

/// <summary>A pipe in place of a file would be waited for without end, and a device has none: both are refused before they are opened.</summary>
[Collection(OneAtATime.Name)]
public sealed class PipeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly InputFolder _folder = new();
    private readonly int _threads = get_num_threads();

    public void Dispose()
    {
        set_num_threads(_threads);
        _folder.Dispose();
    }

    [Theory]
    [InlineData(InputFolder.Config, ExitCode.Usage)]
    [InlineData(InputFolder.Data, ExitCode.Data)]
    [InlineData(InputFolder.Task, ExitCode.Data)]
    [InlineData($"{InputFolder.Model}/config.json", ExitCode.Data)]
    [InlineData($"{InputFolder.Model}/tokenizer.json", ExitCode.Data)]
    [InlineData($"{InputFolder.Model}/model.safetensors", ExitCode.Data)]
    [InlineData($"{InputFolder.Model}/merges.txt", ExitCode.Data)] // copied into checkpoints, and read for nothing else
    [InlineData("lexicon.txt", ExitCode.Usage, "--reward_function", "lexicon", "--reward_target_length", "none", "--reward_lexicon", "PIPE")]
    [InlineData("token", ExitCode.Usage, "--reward_function", "none", "--reward_target_length", "none", "--reward_server", "http://127.0.0.1:9/", "--reward_server_token_file", "PIPE")]
    public async Task A_pipe_is_refused(string file, ExitCode expected, params string[] words)
    {
        _folder.Delete(file);
        using (Process mkfifo = Process.Start("mkfifo", [_folder.At(file)]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(mkfifo.ExitCode == 0, "needs mkfifo and a file system with pipes");
        }

        await AssertRefusedAsync(_folder.At(file), expected, words);
    }

    [Fact]
    public Task A_device_is_refused()
    {
        _folder.Write(InputFolder.Task, "[{\"filepath\": \"endless.jsonl\"}]");
        File.CreateSymbolicLink(_folder.At("endless.jsonl"), "/dev/zero");

        return AssertRefusedAsync(_folder.At("endless.jsonl"), ExitCode.Data);
    }

    private async Task AssertRefusedAsync(string path, ExitCode expected, params string[] words)
    {
        Task<(ExitCode ExitCode, string Error)> run = Task.Factory.StartNew(
            () => _folder.RunPpo(words.Select(word => word == "PIPE" ? path : word)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        (ExitCode exitCode, string error) = await run.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(expected, exitCode);
        Assert.Contains(path, error, StringComparison.Ordinal);
        Assert.Contains("expected a regular file", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("out")));
    }
}
