using Proxima.EndToEnd.Tests;
using Proxima.TestSupport;

namespace Proxima.Parallel.Tests;

/// <summary>A number that is not finite on one rank is one on all: they skip the same steps, or end together.</summary>
public sealed class NonFiniteTests
{
    private const int FaultyWord = 24; // "Please", in one line of the data

    [Theory, Trait("Speed", "Slow")]
    [InlineData("actor", "the logits of a sampled token are not finite")]
    [InlineData("critic", "values of the critic of an answer to ")]
    [InlineData("reward", "the reward model gave NaN for an answer to ")]
    public async Task All_ranks_skip_the_step(string model, string why)
    {
        using var folder = new TemporaryRun();
        string[] words = Words(folder, model, good: 5, faulty: 1);
        using (RunningCommand alone = Mpirun.StartAlone([.. words, "--output_dir", folder["one"], "--per_device_prompt_batch_size", "2"]))
        {
            (await alone.EndAsync()).Expect(0);
        }

        CommandResult result = (await Mpirun.ProximaAsync(MpiName.OpenMpi, 2, [.. words, "--output_dir", folder["two"], "--per_device_prompt_batch_size", "1"])).Expect(0);

        Assert.Contains(why, result.Output, StringComparison.Ordinal);
        Assert.Equal([0, 0, 1], folder.Metric("one", "critic/skipped_steps").Values.Order());
        Assert.Equal(folder.Metric("one", "critic/skipped_steps"), folder.Metric("two", "critic/skipped_steps"));
        Assert.Equal(folder.Metric("one", "policy/skipped_steps"), folder.Metric("two", "policy/skipped_steps"));
        Assert.Equal(folder.Metric("one", "objective/score_mean").Keys, folder.Metric("two", "objective/score_mean").Keys);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Three_in_a_row_end_all_ranks_with_the_last_checkpoint_whole()
    {
        using var folder = new TemporaryRun();

        CommandResult result = (await Mpirun.ProximaAsync(
            MpiName.OpenMpi, 2, [.. Words(folder, "critic", good: 0, faulty: 6), "--output_dir", folder["run"], "--per_device_prompt_batch_size", "1"])).Expect(4);

        Assert.Contains("It is the 3rd in a row, so the run ends; the last checkpoint is whole.", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["run", "checkpoint-2", "manifest.json"]));
        Assert.False(Directory.Exists(folder["run", "checkpoint-3"]));
    }

    /// <summary>Three steps of two prompts over all ranks, with a model that cannot read one word.</summary>
    private static string[] Words(TemporaryRun folder, string model, int good, int faulty)
    {
        IEnumerable<string> prompts = Enumerable.Repeat("How much is 2 plus 3?", good).Concat(Enumerable.Repeat("Please add 2 and 3", faulty));
        folder.Write("train.jsonl", string.Concat(prompts.Select(prompt => $$"""{"src": ["{{prompt}}"], "tgt": []}""" + "\n")));
        string actor = RepositoryPaths.InRepository("models", "arithmetic-actor");
        string reward = RepositoryPaths.InRepository("models", "arithmetic-reward");
        string Model(string role, string right) => role == model ? FaultyModel.Copy(right, folder[role], FaultyWord) : right;
        return
        [
            "ppo", "--do_train", "true", "--train_task_config", folder.Write("train.json", """[{"filepath": "train.jsonl"}]"""),
            "--actor_model_name_or_path", Model("actor", actor), "--critic_model_name_or_path", Model("critic", reward), "--reward_model_name_or_path", Model("reward", reward),
            "--max_dec_len", "4", "--max_seq_len", "64", "--max_steps", "3", "--save_steps", "1", "--num_threads", "1", "--learning_rate", "1e-3",
        ];
    }
}
