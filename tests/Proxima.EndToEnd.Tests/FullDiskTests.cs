using System.Diagnostics;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>A run whose disk becomes full while it saves.</summary>
public sealed class FullDiskTests
{
    /// <summary>Room for one checkpoint of 8.5 MB and what else a run writes, but not for two.</summary>
    private const string TooSmall = "12m";

    [Theory, Trait("Speed", "Slow")]
    [InlineData("false")]
    [InlineData("true")]
    public async Task A_full_disk_ends_the_run_with_a_whole_checkpoint_from_which_it_goes_on_when_there_is_room(string asyncSave)
    {
        using var run = new TemporaryRun();
        using var disk = SmallDisk.Mount(run["disk"], TooSmall);
        (await CommandLine.RunAsync(Words(run, "whole"))).Expect(0);

        CommandResult result = (await CommandLine.RunAsync([.. Words(run, "disk/parts"), "--async_save", asyncSave])).Expect(2);

        Assert.Contains($"error: output_dir = {run["disk/parts"]}: a file of the run cannot be written (", result.Error, StringComparison.Ordinal);
        Assert.Contains("go on with --resume_from_checkpoint auto", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal([run["disk/parts", "checkpoint-1"]], Directory.GetDirectories(run["disk/parts"], "checkpoint-*"));
        Assert.Empty(Directory.GetFileSystemEntries(run["disk/parts"], ".*"));

        disk.Resize("100m");
        (await CommandLine.RunAsync([.. Words(run, "disk/parts"), "--resume_from_checkpoint", "auto"])).Expect(0);
        RunFiles.AssertSameRun(run, "whole", "disk/parts");
    }

    private static string[] Words(TemporaryRun run, string name)
    {
        RepositoryPaths.Shared("models", "stories260k-reward");
        return
        [
            "ppo", "config/stories_happy.json", "--output_dir", run[name], "--max_steps", "3", "--do_eval", "false", "--reward_lexicon", "none",
            "--eval_reward_function", "none", "--save_steps", "1", "--per_device_prompt_batch_size", "16", "--num_threads", "1",
        ];
    }

    /// <summary>A file system in memory, of a size that can be changed.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly string _path;

        private SmallDisk(string path) => _path = path;

        public static SmallDisk Mount(string path, string size)
        {
            Directory.CreateDirectory(path);
            Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path), "needs the right to mount a small file system (root)");
            return new SmallDisk(path);
        }

        public void Resize(string size) => Assert.True(Run("mount", "-o", $"remount,size={size}", _path), "the small file system does not grow");

        public void Dispose() => Run("umount", _path);

        private static bool Run(string program, params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
