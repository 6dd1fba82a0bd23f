using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Dashboard.Terminal;
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
        Assert.Equal("  step 4 of 10  rollout 1.0 s  ETA 0:13", RunTable.StatusLine(progress));
    }

    [Fact]
    public void The_table_shows_steps_and_evaluations()
    {
        var progress = new RunProgress(TimeProvider.System);
        progress.Begin(1, 40);
        progress.Add(new ProgressRow(1, IsEvaluation: false, StepMetrics));
        progress.Add(new ProgressRow(5, IsEvaluation: true, EvaluationMetrics));
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 140;
        console.Write(RunTable.Draw(progress));
        string text = output.ToString();
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
