using System.Text.Json.Nodes;
using Proxima.Tests.Cli.Arguments;

namespace Proxima.Tests.Cli;

/// <summary>Models whose pad is their eos, and whose responses end with another token than their eos.</summary>
[Collection(OneAtATime.Name)]
public sealed class PadAndStopTests(TinyRuns runs) : IClassFixture<TinyRuns>
{
    private const int FullStop = 426;

    /// <summary>Prompts of different lengths, some with a full stop inside, and responses that end at different places.</summary>
    private static readonly string[] Words = ["--per_device_prompt_batch_size", "12", "--max_dec_len", "16", "--missing_eos_penalty", "1"];

    [Fact]
    public void A_model_whose_pad_is_its_eos_trains_as_one_without_a_pad_to_the_bit()
    {
        TinyRun expected = ArgumentRow.Done(runs.Run([.. Words, "--stop_token_ids", $"{FullStop}"]));
        TinyRun found = ArgumentRow.Done(runs.Run(
            [.. Words, "--actor_model_name_or_path", WithFullStopAsPadAndEos("actor", TinyRuns.Actor), "--reward_model_name_or_path", WithFullStopAsPadAndEos("reward", TinyRuns.Reward)]));

        Assert.Contains(found.Samples(), sample => sample.Finished);
        Assert.Contains(found.Samples(), sample => !sample.Finished);
        Assert.Contains(found.Samples(), sample => sample.PromptIds.Contains(FullStop));
        Assert.Equal(expected.Samples().Select(sample => sample.Line.GetRawText()), found.Samples().Select(sample => sample.Line.GetRawText()));
        Assert.Equal(expected.Weights("actor"), found.Weights("actor"));
        Assert.Equal(expected.Weights("critic"), found.Weights("critic"));
    }

    [Fact, Trait("Speed", "Slow")]
    public void A_stop_token_that_is_not_the_eos_is_learned()
    {
        TinyRun run = ArgumentRow.Done(runs.Run(
            "--train_task_config", runs.Task("many", TinyRuns.PromptLines("prompts_train.jsonl", 64)), "--stop_token_ids", $"{FullStop}",
            "--missing_eos_penalty", "4", "--max_steps", "15", "--per_device_prompt_batch_size", "64", "--per_device_train_batch_size", "16",
            "--update_iters", "2", "--normalize_advantage", "true", "--kl_coeff", "0.05", "--learning_rate", "1e-4",
            "--critic_learning_rate", "5e-4", "--reward_scale", "0.1"));

        SortedDictionary<int, double> finished = run.Metrics("rollout/finished_fraction");
        Assert.InRange(finished[1], 0.05, 0.4);
        Assert.InRange(finished.Values.TakeLast(3).Average(), 0.85, 1);
        Assert.All(run.Samples(15), sample => Assert.Equal(sample.Finished, sample.ResponseIds[^1] == FullStop));
    }

    /// <summary>A copy whose eos and pad are the full stop, a token that stands in prompts and responses too.</summary>
    private string WithFullStopAsPadAndEos(string name, string source)
    {
        string folder = Directory.CreateDirectory(runs.At($"full_stop_{name}")).FullName;
        foreach (string file in Directory.GetFiles(source))
        {
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        Edit("config.json", config => (config["eos_token_id"], config["pad_token_id"]) = (FullStop, FullStop));
        Edit("tokenizer_config.json", config => (config["eos_token"], config["pad_token"]) = (".", "."));
        return folder;

        void Edit(string file, Action<JsonObject> change)
        {
            string path = Path.Combine(folder, file);
            JsonObject content = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            change(content);
            File.WriteAllText(path, content.ToJsonString());
        }
    }
}
