using Proxima.Core;
using Proxima.Tests.Cli.Arguments;

namespace Proxima.Tests.Reliability.NonFinite;

/// <summary>
/// Logits, scores, losses and gradients that are not finite, from the files and functions that give them to the weights that stay: a step is skipped,
/// counted and named; three in a row end the run with the last checkpoint whole.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class NonFiniteTests : IDisposable
{
    private const string Supervised = "{\"src\": [\"PROMPT\"], \"tgt\": [\"5\"]}";
    private const string Preference = "{\"src\": [\"PROMPT\"], \"tgt\": [], \"response\": [\"5\", \"6\"], \"sort\": [1, 0]}";
    private static readonly string[] ByLabel = ["--reward_function", "label", "--clip_range_score", "none"];

    private readonly FaultyRun _run = new();

    /// <summary>What is wrong, the letter of a line that shows it, what the log says.</summary>
    public static TheoryData<string, string, string> Rollouts => new()
    {
        { "logits, fused engine", "f", "the logits of a sampled token are not finite" },
        { "logits, plain engine", "f", "the logits of a sampled token are not finite" },
        { "values", "f", "values of the critic of an answer to " },
        { "score of a reward model", "f", "the reward model gave NaN for an answer to " },
        { "score of a function", "n", "reward function label gave NaN for an answer to " },
        { "score beyond float32", "h", "the score 1E+39 of an answer to " },
    };

    public void Dispose() => _run.Dispose();

    [Theory]
    [MemberData(nameof(Rollouts))]
    public void A_step_whose_rollout_is_not_finite_is_skipped_counted_and_named(string what, string line, string why)
    {
        TinyRun run = ArgumentRow.Done(_run.Ppo(_run.Task("train", $"gg{line}ggg"), Words(what)));

        int skipped = Assert.Single(FaultyRun.SkippedSteps(run, why));
        foreach (string model in new[] { "policy", "critic" })
        {
            Assert.Equal(Steps(step => step == skipped ? 1.0 : 0), run.Metrics($"{model}/skipped_steps").Values);
        }

        Assert.Equal(Steps(step => step).Where(step => step != skipped), run.Metrics("objective/score_mean").Keys.Select(step => (double)step));
        Assert.Equal(Steps(step => 2.0 * (step < skipped ? step : step - 1)), Steps(step => run.OptimizerSteps(step)));
        FaultyRun.AssertWhole(run, 1, 2, 3);
    }

    [Theory]
    [MemberData(nameof(Rollouts))]
    public void Three_rollouts_in_a_row_that_are_not_finite_end_the_run(string what, string line, string why)
    {
        TinyRun run = _run.Ppo(_run.Task("train", string.Concat(Enumerable.Repeat(line, 6))), Words(what));

        Assert.Equal(ExitCode.Numerical, run.ExitCode);
        Assert.Equal([1, 2], FaultyRun.SkippedSteps(run, why));
        Assert.Contains("error: step 3 skipped: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("It is the 3rd in a row, so the run ends; the last checkpoint is whole.", run.Error, StringComparison.Ordinal);
        FaultyRun.AssertWhole(run, 1, 2);
        Assert.Equal(File.ReadAllBytes(run.At("checkpoint-1", "actor", "model.safetensors")), File.ReadAllBytes(run.At("checkpoint-2", "actor", "model.safetensors")));
    }

    /// <summary>The square of an advantage of 1e37 is infinite, so is the norm of gradients of that size; the loss of the actor is finite.</summary>
    [Fact]
    public void A_loss_or_gradient_that_is_not_finite_skips_its_optimizer_step()
    {
        TinyRun run = ArgumentRow.Done(_run.Ppo(_run.Task("train", "gghggg"), ByLabel));

        Assert.Matches("actor: optimizer step [0-9]+ skipped, (the gradient of [a-z0-9_.]+|the norm of the gradients) is not finite", run.Output);
        Assert.Matches("critic: optimizer step [0-9]+ skipped, the loss (is|and .* are) not finite", run.Output);
        foreach (string model in new[] { "policy", "critic" })
        {
            Assert.Equal([0, 0, 0.5], run.Metrics($"{model}/skipped_steps").Values.Order());
        }

        Assert.Equal(5, run.OptimizerSteps(3));
        Assert.Equal(5, run.OptimizerSteps(3, "critic"));
    }

    [Fact]
    public void Three_optimizer_steps_in_a_row_that_are_not_finite_end_the_run()
    {
        TinyRun run = _run.Ppo(_run.Task("train", "hhhhhh"), ByLabel);

        Assert.Equal(ExitCode.Numerical, run.ExitCode);
        Assert.Contains("error: actor: optimizer step 1 skipped, ", run.Error, StringComparison.Ordinal);
        Assert.Contains("It is the 3rd in a row", run.Error, StringComparison.Ordinal);
        FaultyRun.AssertWhole(run, 1); // two optimizer steps a step
        Assert.Equal(File.ReadAllBytes(Path.Combine(FaultyRun.Actor, "model.safetensors")), File.ReadAllBytes(run.At("checkpoint-1", "actor", "model.safetensors")));
    }

    [Fact]
    public void Logits_of_a_ptx_example_that_are_not_finite_skip_the_optimizer_step_of_the_actor_alone()
    {
        string ptx = _run.Task("ptx", "gggfgg", Supervised);

        TinyRun run = ArgumentRow.Done(_run.Ppo(
            _run.Task("train", "gggggg"), "--reward_model_name_or_path", FaultyRun.Reward, "--actor_model_name_or_path", _run.FaultyActor, "--ptx_task_config", ptx));

        Assert.Matches("actor: optimizer step [0-9]+ skipped, the loss and the gradient of model.embed_tokens.weight are not finite", run.Output);
        Assert.Equal([0, 0, 0.5], run.Metrics("policy/skipped_steps").Values.Order());
        Assert.Equal([0, 0, 0], run.Metrics("critic/skipped_steps").Values);
    }

    /// <summary>A run that met such an evaluation at each resume would never get past it.</summary>
    [Fact]
    public void An_evaluation_that_is_not_finite_is_left_out()
    {
        TinyRun run = ArgumentRow.Done(_run.Ppo(
            _run.Task("train", "gggggg"), [.. ByLabel, "--do_eval", "true", "--eval_task_config", _run.Task("eval", "gn"), "--eval_steps", "1", "--log_samples_per_step", "1"]));

        Assert.Contains("step 2: no evaluation, reward function label gave NaN for an answer to ", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.EvaluatedSteps);
        Assert.Equal(3, run.LastStep);
    }

    /// <summary>They are not better, and count as evaluations: else a run of nothing but such would never stop early.</summary>
    [Fact]
    public void Evaluations_that_are_not_finite_end_the_patience()
    {
        TinyRun run = ArgumentRow.Done(_run.Ppo(
            _run.Task("train", "gggggg"),
            [.. ByLabel, "--do_eval", "true", "--eval_task_config", _run.Task("eval", "n"), "--eval_steps", "1", "--early_stopping_patience", "2"]));

        Assert.Contains("has not been better for 2 evaluations; the run ends", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, run.LastStep); // evaluations before the first step and after it
    }

    [Fact]
    public void Answers_of_the_reference_that_cannot_be_scored_are_left_out()
    {
        TinyRun run = ArgumentRow.Done(_run.Ppo(
            _run.Task("train", "gggggg"), [.. ByLabel, "--do_eval", "true", "--eval_task_config", _run.Task("eval", "n"), "--eval_steps", "3", "--log_samples_per_step", "1"]));

        Assert.Contains("no answers of the reference, reward function label gave NaN for an answer to ", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, run.LastStep);
    }

    [Theory]
    [InlineData("sft", Supervised)]
    [InlineData("reward", Preference)]
    public void A_step_of_the_stages_before_that_is_not_finite_is_skipped_too(string command, string form)
    {
        TinyRun run = ArgumentRow.Done(_run.Stage(command, Faulty(command), _run.Task("train", "gfg", form)));

        Assert.Matches("model: optimizer step [0-9]+ skipped, the loss and the gradient of model.embed_tokens.weight are not finite", run.Output);
        Assert.Equal([0, 0, 1], run.Metrics($"{command}/skipped_steps").Values.Order());
        Assert.Equal(2, run.OptimizerSteps(3, "model"));
    }

    [Theory]
    [InlineData("sft", Supervised)]
    [InlineData("reward", Preference)]
    public void Three_of_them_in_a_row_end_the_run(string command, string form)
    {
        TinyRun run = _run.Stage(command, Faulty(command), _run.Task("train", "fff", form));

        Assert.Equal(ExitCode.Numerical, run.ExitCode);
        Assert.Contains("It is the 3rd in a row, so the run ends; the last checkpoint is whole.", run.Error, StringComparison.Ordinal);
        FaultyRun.AssertWhole(run, 1, 2);
    }

    private string Faulty(string command) => command == "sft" ? _run.FaultyActor : _run.FaultyReward;

    private string[] Words(string what) => what switch
    {
        "logits, fused engine" => ["--reward_model_name_or_path", FaultyRun.Reward, "--actor_model_name_or_path", _run.FaultyActor],
        "logits, plain engine" => ["--reward_model_name_or_path", FaultyRun.Reward, "--actor_model_name_or_path", _run.FaultyActor, "--use_fusemt", "false"],
        "values" => [.. ByLabel, "--critic_model_name_or_path", _run.FaultyReward],
        "score of a reward model" => ["--reward_model_name_or_path", _run.FaultyReward],
        "score of a function" => ByLabel,
        "score beyond float32" => [.. ByLabel, "--reward_scale", "100"],
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such fault"),
    };

    /// <summary>One number for each step.</summary>
    private static IEnumerable<double> Steps(Func<int, double> number) => Enumerable.Range(1, 3).Select(number);
}
