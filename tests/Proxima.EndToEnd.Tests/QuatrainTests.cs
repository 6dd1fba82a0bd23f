namespace Proxima.EndToEnd.Tests;

/// <summary>Classical quatrains, from nothing to regulated verse (scripts/quatrain.sh).</summary>
public sealed class QuatrainTests
{
    [Fact, Trait("Speed", "Long")]
    public async Task A_character_model_from_scratch_learns_the_form_and_PPO_the_rules()
    {
        using var run = new TemporaryRun();
        (await QuatrainAsync("prepare", "data/quatrain/wujue.txt", run["model"])).Expect(0);
        (await QuatrainAsync(
            "sft", "samples/Proxima.Quatrain/sft.json", "--train_task_config", run["model", "task_poems_train.json"], "--eval_task_config",
            run["model", "task_poems_held_out.json"], "--init_from_config", run["model"], "--output_dir", run["sft"])).Expect(0);
        (await QuatrainAsync(
            "ppo", "samples/Proxima.Quatrain/ppo.json", "--train_task_config", run["model", "task_prompts_train.json"], "--eval_task_config",
            run["model", "task_prompts_held_out.json"], "--actor_model_name_or_path", run["sft", "model"], "--output_dir", run["ppo"])).Expect(0);

        Assert.InRange(run.Metric("ppo", "eval/gold_mean")[0], 0, 0.4);
        Assert.InRange(run.Metric("ppo", "eval/gold_mean")[120], 0.55, 1);
        CommandResult report = (await QuatrainAsync("report", run["ppo", "eval_out-step120-rank0.jsonl"])).Expect(0);
        string form = report.Output.Split("form ")[1].Split('%')[0];
        Assert.InRange(double.Parse(form, System.Globalization.CultureInfo.InvariantCulture), 95, 100);
    }

    private static Task<CommandResult> QuatrainAsync(params string[] arguments) => CommandLine.RunProgramAsync("Proxima.Quatrain", "quatrain", arguments);
}
