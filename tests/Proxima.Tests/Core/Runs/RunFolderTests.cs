using Proxima.Core;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RunSettings Settings => new() { OutputDir = _folder.At("out") };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checking_a_new_folder_makes_nothing_and_beginning_makes_it()
    {
        RunFolder run = RunFolder.Check(Settings, []);

        Assert.False(Directory.Exists(_folder.At("out")));
        Assert.False(run.HoldsRun);
        run.Begin().Dispose();
        Assert.True(Directory.Exists(_folder.At("out")));
    }

    [Theory]
    [InlineData("out/run_config.json")]
    [InlineData("out/metrics.jsonl")]
    [InlineData("out/checkpoint-40/trainer_state.json")]
    public void A_folder_that_holds_a_run_is_an_error_that_offers_resume_or_overwrite(string file)
    {
        _folder.Write(file, "x");

        ProximaException exception = Assert.Throws<ProximaException>(() => RunFolder.Check(Settings, []));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains("--resume_from_checkpoint auto", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--overwrite_output_dir true", exception.Message, StringComparison.Ordinal);
        Assert.Equal([file], _folder.Entries());
    }

    [Fact]
    public void A_folder_with_other_files_is_no_run()
    {
        _folder.Write("out/notes.txt", "mine");
        _folder.Write("out/checkpoint-x/a", "mine");

        RunFolder.Check(Settings, []).Begin().Dispose();

        Assert.Equal(["out/checkpoint-x/a", "out/notes.txt"], _folder.Entries());
    }

    [Fact]
    public void Resuming_keeps_everything_but_half_written_leftovers()
    {
        _folder.Write("out/run_config.json", "{}");
        _folder.Write("out/checkpoint-5/trainer_state.json", "{}");
        _folder.Write("out/.checkpoint-10.partial-0123/weights", "half");

        RunFolder.Check(Settings with { ResumeFromCheckpoint = "auto" }, []).Begin().Dispose();

        Assert.Equal(["out/checkpoint-5/trainer_state.json", "out/run_config.json"], _folder.Entries());
    }

    [Fact]
    public void Overwriting_removes_what_a_run_wrote_and_nothing_else()
    {
        string[] ofRun =
        [
            "run_config.json", "run_record.json", "metrics.jsonl", "samples.jsonl.gz", "eval_out-step0-rank0.jsonl",
            "checkpoint-5/actor/config.json", "superseded-checkpoint-7/x", "superseded-checkpoint-7-2/x", "actor/config.json", "critic/config.json", "runs/events",
        ];
        string[] ofUser = ["notes.txt", "checkpoint-best/x", "eval_out.jsonl", "models/a"];
        foreach (string file in ofRun.Concat(ofUser))
        {
            _folder.Write($"out/{file}", "x");
        }

        RunFolder run = RunFolder.Check(Settings with { OverwriteOutputDir = true }, [_folder.At("elsewhere")]);

        Assert.Equal(ofRun.Length + ofUser.Length, _folder.Entries().Count);
        run.Begin().Dispose();
        Assert.Equal(ofUser.Select(file => $"out/{file}").Order(StringComparer.Ordinal), _folder.Entries());
    }

    [Fact]
    public void Overwriting_a_folder_that_holds_no_run_removes_nothing()
    {
        _folder.Write("out/actor/config.json", "a model of the user");

        RunFolder.Check(Settings with { OverwriteOutputDir = true }, []).Begin().Dispose();

        Assert.Equal(["out/actor/config.json"], _folder.Entries());
    }

    [Theory]
    [InlineData("out/actor")]
    [InlineData("out/run_config.json")]
    [InlineData("out/checkpoint-5/actor")]
    public void An_overwrite_that_would_remove_an_input_is_an_error(string input)
    {
        _folder.Write("out/run_config.json", "{}");
        _folder.Write("out/actor/config.json", "{}");
        _folder.Write("out/checkpoint-5/actor/config.json", "{}");

        ProximaException exception = Assert.Throws<ProximaException>(
            () => RunFolder.Check(Settings with { OverwriteOutputDir = true }, [_folder.At(input)]));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Equal(3, _folder.Entries().Count);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_a_usage_error()
    {
        _folder.Write("out", "a file");

        Assert.Equal(ExitCode.Usage, Assert.Throws<ProximaException>(() => RunFolder.Check(Settings, [])).ExitCode);
    }

    [Fact]
    public void Evaluations_are_named_by_step_and_rank() =>
        Assert.Equal(_folder.At("out", "eval_out-step5-rank0.jsonl"), RunFolder.Check(Settings, []).EvaluationPath(5, 0));

    /// <summary>A run that was killed leaves its lock; the ranks of the next one look at it together.</summary>
    [Fact]
    public void Many_look_at_a_folder_at_once()
    {
        _folder.Write("out/.lock", "");

        Parallel.For(0, 1000, _ => RunFolder.Check(Settings, []));
    }

    [Fact]
    public void A_folder_is_kept_for_one_run_at_a_time()
    {
        using (RunFolder.Check(Settings, []).Begin())
        {
            ProximaException refused = Assert.Throws<ProximaException>(() => RunFolder.Check(Settings, []).Begin());
            Assert.Equal(ExitCode.Usage, refused.ExitCode);
            Assert.Contains("is in use by another run", refused.Message, StringComparison.Ordinal);
        }

        using IDisposable next = RunFolder.Check(Settings, []).Begin();
        Assert.Equal(["out/.lock"], _folder.Entries());
    }
}
