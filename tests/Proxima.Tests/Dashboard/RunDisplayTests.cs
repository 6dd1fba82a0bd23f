using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Dashboard.Terminal;
using Proxima.TestSupport;
using Spectre.Console;

namespace Proxima.Tests.Dashboard;

public sealed class RunDisplayTests
{
    private static readonly Dictionary<string, double> StepMetrics = new()
    {
        [MetricNames.ObjectiveScoreMean] = 1.2351,
        [MetricNames.ObjectiveKlPerSeq] = 3.5,
        [MetricNames.RolloutResponseLengthMean] = 40,
        [MetricNames.ThroughputRolloutTokensPerS] = 12345.6,
        [MetricNames.TimeUpdateS] = 0.25,
    };

    private static readonly Dictionary<string, double> EvaluationMetrics = new()
    {
        [MetricNames.EvalRewardMean] = 0.5,
        [MetricNames.EvalGoldMean] = 0.789,
    };

    [Fact]
    public void Plain_lines_name_step_reward_and_speed()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using (var display = new PlainRunDisplay(output, TimeProvider.System))
        {
            display.Note("actor 3 parameters");
            display.Begin(1, 40);
            display.Phase(1, RunPhase.Rollout);
            display.Step(1, StepMetrics);
            display.Evaluation(5, EvaluationMetrics);
        }

        Assert.Equal(
            """
            actor 3 parameters
            step 1/40  reward 1.235  KL/seq 3.50  length 40.0  roll tok/s 12,346  update s 0.25
            eval 5  reward 0.500  gold 0.789

            """,
            output.ToString());
    }

    [Fact]
    public void Lines_of_a_stage_before_ppo_name_its_own_numbers()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using (var display = new PlainRunDisplay(output, TimeProvider.System))
        {
            display.Begin(1, 9);
            display.Step(1, new Dictionary<string, double> { [MetricNames.SftLoss] = 2.5, [MetricNames.SftGradNorm] = 1, [MetricNames.SftLr] = 5e-5 });
            display.Step(2, new Dictionary<string, double> { [MetricNames.RewardLoss] = 0.5, [MetricNames.RewardAccuracy] = 0.75, [MetricNames.RewardMarginMean] = 1.25 });
            display.Evaluation(2, new Dictionary<string, double> { [MetricNames.EvalLoss] = 0.4, [MetricNames.EvalAccuracy] = 0.8 });
        }

        Assert.Equal(
            """
            step 1/9  loss 2.5000  grad norm 1.000  rate 5.00e-5
            step 2/9  loss 0.5000  accuracy 75.0%  margin 1.25
            eval 2  loss 0.4000  accuracy 80.0%

            """,
            output.ToString());
    }

    [Fact]
    public void The_time_left_is_steps_left_times_the_mean_step()
    {
        var time = new SteppedTime();
        var progress = new RunProgress(time);
        progress.Begin(1, 10);
        Assert.Null(progress.Remaining);
        for (int step = 1; step <= 3; step++)
        {
            progress.Enter(step, RunPhase.Rollout);
            time.Advance(TimeSpan.FromSeconds(2));
        }

        progress.Enter(4, RunPhase.Rollout);
        Assert.Equal(TimeSpan.FromSeconds(14), progress.Remaining);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(13), progress.Remaining);
        Assert.Equal("  █████████░░░░░░░░░░░░░░░░░░░░░ step 4 of 10  rollout 1.0 s  ETA 0:13", RunTable.StatusLine(progress));
    }

    /// <summary>Evaluations after every tenth step take as long as eight steps, checkpoints after every fifteenth as long as three.</summary>
    [Fact]
    public void The_time_left_holds_within_ten_percent_with_evaluations_and_checkpoints_between()
    {
        const int LastStep = 300;
        var time = new SteppedTime();
        var progress = new RunProgress(time);
        List<(int Step, double At, double Told)> told = [];
        progress.Begin(1, LastStep);
        progress.Enter(0, RunPhase.Evaluate);
        Pass(8);
        for (int step = 1; step <= LastStep; step++)
        {
            progress.Enter(step, RunPhase.Rollout);
            told.Add((step, time.GetTimestamp() / (double)TimeSpan.TicksPerSecond, progress.Remaining?.TotalSeconds ?? 0));
            Pass(0.7 + (0.1 * (step % 3)));
            progress.Enter(step, RunPhase.Update);
            Pass(0.2);
            if (step % 10 == 0)
            {
                progress.Enter(step, RunPhase.Evaluate);
                Pass(8);
            }

            if (step % 15 == 0)
            {
                progress.Enter(step, RunPhase.Save);
                Pass(3);
            }
        }

        double end = time.GetTimestamp() / (double)TimeSpan.TicksPerSecond;
        Assert.All(told.Where(entry => entry.Step is > 20 and < LastStep - 20), entry => Assert.InRange(entry.Told / (end - entry.At), 0.9, 1.1));

        void Pass(double seconds) => time.Advance(TimeSpan.FromSeconds(seconds));
    }

    /// <summary>What a terminal of 80 and of 140 columns shows. PROXIMA_SNAPSHOTS=write writes the files beside this one anew, to be looked at.</summary>
    [Theory]
    [InlineData(80)]
    [InlineData(140)]
    public void The_table_is_as_the_snapshot(int width)
    {
        var time = new SteppedTime();
        var progress = new RunProgress(time);
        progress.Begin(1, 40);
        for (int step = 1; step <= 14; step++)
        {
            progress.Enter(step, RunPhase.Rollout);
            time.Advance(TimeSpan.FromSeconds(2.1));
            progress.Enter(step, RunPhase.Score);
            time.Advance(TimeSpan.FromSeconds(0.4));
            progress.Enter(step, RunPhase.Update);
            time.Advance(TimeSpan.FromSeconds(1.5));
            progress.Add(new ProgressRow(step, IsEvaluation: false, Metrics(step)));
            if (step % 5 == 0)
            {
                progress.Enter(step, RunPhase.Evaluate);
                time.Advance(TimeSpan.FromSeconds(3));
                progress.Add(new ProgressRow(step, IsEvaluation: true, EvaluationMetrics));
            }
        }

        progress.Enter(15, RunPhase.Rollout);
        time.Advance(TimeSpan.FromSeconds(1.3));
        string drawn = Drawn(progress, width);

        Assert.All(drawn.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        string snapshot = RepositoryPaths.InRepository("tests", "Proxima.Tests", "Dashboard", $"table_{width}.txt");
        if (Environment.GetEnvironmentVariable("PROXIMA_SNAPSHOTS") == "write")
        {
            File.WriteAllText(snapshot, drawn);
        }

        Assert.Equal(File.ReadAllText(snapshot), drawn);
    }

    [Fact]
    public void A_note_that_comes_again_is_written_once()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using (var display = new PlainRunDisplay(output, TimeProvider.System))
        {
            display.Note("a warning");
            display.Note("another");
            display.Note("a warning");
        }

        Assert.Equal("a warning\nanother\n", output.ToString());
    }

    [Theory]
    [InlineData("▁▂▃▄▅▆▇█", 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)]
    [InlineData("▁ █", -1.0, double.NaN, 1.0)]
    [InlineData("▁▁", 3.0, 3.0)]
    [InlineData("  ", double.NaN, double.PositiveInfinity)]
    public void A_sparkline_spans_its_range(string expected, params double[] values) => Assert.Equal(expected, Sparkline.Of(values));

    private static Dictionary<string, double> Metrics(int step) => new()
    {
        [MetricNames.ObjectiveScoreMean] = Math.Sqrt(step) - 1,
        [MetricNames.ObjectiveKlPerSeq] = 0.25 * step,
        [MetricNames.RolloutResponseLengthMean] = 40 + (step % 3),
        [MetricNames.ObjectiveEntropyPerToken] = 2.5 - (0.05 * step),
        [MetricNames.PolicyClipFraction] = 0.01 * step,
        [MetricNames.CriticExplainedVariance] = 1 - (1.0 / step),
        [MetricNames.ThroughputRolloutTokensPerS] = 12345.6,
        [MetricNames.ThroughputTrainTokensPerS] = 23456.7,
        [MetricNames.TimeRolloutS] = 2.1,
        [MetricNames.TimeScoreS] = 0.4,
        [MetricNames.TimeUpdateS] = 1.5,
    };

    private static string Drawn(RunProgress progress, int width)
    {
        using var output = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(RunTable.Draw(progress, width));
        return string.Join('\n', output.ToString().Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void The_table_shows_steps_and_evaluations()
    {
        var progress = new RunProgress(TimeProvider.System);
        progress.Begin(1, 40);
        progress.Add(new ProgressRow(1, IsEvaluation: false, StepMetrics));
        progress.Add(new ProgressRow(5, IsEvaluation: true, EvaluationMetrics));
        string text = Drawn(progress, 140);
        Assert.Contains("1.235", text, StringComparison.Ordinal);
        Assert.Contains("eval 5", text, StringComparison.Ordinal);
        Assert.Contains("0.789", text, StringComparison.Ordinal);
        Assert.Contains("step 1 of 40", text, StringComparison.Ordinal);
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
