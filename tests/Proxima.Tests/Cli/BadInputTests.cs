using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Proxima.Core;
using Proxima.Tests.Cli.Arguments;
using Proxima.TestSupport;

namespace Proxima.Tests.Cli;

/// <summary>What a run is not to work with: the whole command line, its message and its exit code.</summary>
[Collection(OneAtATime.Name)]
public sealed class BadInputTests(TinyRuns runs) : IClassFixture<TinyRuns>
{
    [Theory]
    [InlineData("top_p = 0 (command line): expected", "--top_p", "0")]
    [InlineData("fp16 = true, bf16 = true (command line): expected at most one of them", "--fp16", "true", "--bf16", "true")]
    [InlineData("reward_model_name_or_path", "--reward_function", "length", "--reward_target_length", "5")]
    [InlineData("reward_server", "--reward_server", "http://127.0.0.1:9/score")]
    [InlineData("stop_token_ids = 5,512: 512 is outside the vocabulary of ", "--stop_token_ids", "5,512")]
    public void A_setting_that_cannot_be(string part, params string[] words)
    {
        AssertEnds(runs.Run(words), ExitCode.Usage, part);
    }

    [Theory]
    [InlineData("{\"src\": [\"a \\ud800 b\"], \"tgt\": []}", "holds a string that is not valid Unicode text")]
    [InlineData("{\"src\": [\"a\"], \"tgt\": [\"b\"]}", "tgt")]
    public void A_line_of_data(string line, string part)
    {
        string task = runs.Task("bad", ["{\"src\": [\"One day\"], \"tgt\": []}", line]);
        AssertEnds(runs.RunIn(runs.At("bad_line"), "--train_task_config", task), ExitCode.Data, "bad.jsonl:2", part);
    }

    [Fact]
    public void A_missing_label()
    {
        string task = runs.Task("unlabelled", ["{\"src\": [\"One day\"], \"tgt\": [], \"label\": \"x\"}", "{\"src\": [\"One day\"], \"tgt\": []}"]);
        AssertEnds(
            runs.Run("--train_task_config", task, "--reward_model_name_or_path", "none", "--reward_function", "exact_answer"),
            ExitCode.Data, "unlabelled.jsonl:2", "label is missing");
    }

    [Fact]
    public void A_checkpoint_that_would_call_a_function()
    {
        string folder = CopyOfActor("hostile");
        File.Delete(Path.Combine(folder, "model.safetensors"));
        string evidence = runs.At("it_was_run");
        string call = $"touch {evidence}";
        using (ZipArchive archive = ZipFile.Open(Path.Combine(folder, "pytorch_model.bin"), ZipArchiveMode.Create))
        using (Stream pickle = archive.CreateEntry("archive/data.pkl").Open())
        {
            pickle.Write(Encoding.Latin1.GetBytes($"\u0080\u0002cos\nsystem\nX{(char)call.Length}\0\0\0{call}\u0085R."));
        }

        AssertEnds(runs.Run("--actor_model_name_or_path", folder), ExitCode.Data, "pytorch_model.bin", "it calls os.system, which weights do not need");
        Assert.False(File.Exists(evidence));
    }

    [Fact]
    public void A_model_that_ends_with_an_id_outside_its_vocabulary()
    {
        string folder = CopyOfActor("endless");
        string config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"eos_token_id\": 2", "\"eos_token_id\": 600", StringComparison.Ordinal));
        AssertEnds(runs.Run("--actor_model_name_or_path", folder), ExitCode.Data, "ends its responses with the id 600");
    }

    [Theory]
    [InlineData("{\"error_code\": 0, \"error_msg\": \"\", \"score\": [1]}", "the answer has 1 scores. Expected 4")]
    [InlineData("{\"error_code\": 0, \"error_msg\": \"\", \"score\": [1, 2, NaN, 4]}", "the answer is no JSON")]
    [InlineData("{\"error_code\": 0, \"error_msg\": \"\", \"score\": [1, 2, 1e999, 4]}", "score[2] is 1e999. Expected a finite number")]
    [InlineData("{\"error_code\": 7, \"error_msg\": \"out of memory\", \"score\": []}", "the server reports error_code 7, \"out of memory\"")]
    public async Task An_answer_of_a_reward_server(string answer, string part)
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) => TestRewardServer.Body(context, answer));
        AssertEnds(RunWith(server), ExitCode.RewardSource, $"reward_server = {server.Address}: ", part);
    }

    [Fact]
    public async Task An_answer_of_100_MB()
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync(async (context, _, _) =>
        {
            context.Response.ContentLength = 100 << 20;
            byte[] piece = new byte[1 << 16];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            }
        });
        AssertEnds(RunWith(server), ExitCode.RewardSource, $"reward_server = {server.Address}: ", "Correct the address or the server.");
    }

    [Fact]
    public async Task A_slow_reward_server()
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        AssertEnds(RunWith(server, "--reward_server_timeout_s", "0.1"), ExitCode.RewardSource, "no answer within reward_server_timeout_s = 0.1 after 1 try");
    }

    [Fact]
    public void A_reward_server_that_is_down()
    {
        AssertEnds(
            runs.Run("--reward_model_name_or_path", "none", "--reward_server", "http://127.0.0.1:9/score", "--reward_server_retries", "0"),
            ExitCode.RewardSource, "no answer (", "after 1 try");
    }

    [Fact]
    public async Task A_reward_server_that_knows_another_token()
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        AssertEnds(RunWith(server), ExitCode.RewardSource, "status 401", "reward_server_token_env");
    }

    private static void AssertEnds(TinyRun run, ExitCode exitCode, params string[] parts)
    {
        Assert.True(run.ExitCode == exitCode, $"exit code {run.ExitCode}\n{run.Output}\n{run.Error}");
        Assert.Contains("error: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, run.Error, StringComparison.Ordinal));
    }

    private TinyRun RunWith(TestRewardServer server, params string[] more) =>
        runs.Run(["--reward_model_name_or_path", "none", "--reward_server", server.Address, "--reward_server_retries", "0", .. more]);

    private string CopyOfActor(string name)
    {
        string folder = Directory.CreateDirectory(runs.At(name)).FullName;
        foreach (string file in Directory.GetFiles(TinyRuns.Actor))
        {
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file)); // a copy would be read-only too
        }

        return folder;
    }
}
