using System.Text.Json.Nodes;
using Proxima.Cli;
using Proxima.Core;
using Proxima.Models;
using Proxima.Models.Weights;
using Proxima.Tests.Cli.Arguments;
using Proxima.Text;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Tests.Cli;

/// <summary>Reward models that do not read the actor's ids.</summary>
[Collection(OneAtATime.Name)]
public sealed class RewardTokenizerTests(TinyRuns runs) : IClassFixture<TinyRuns>
{
    private const int FirstMoved = 259;
    private const int Eos = 2;
    private const string Template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";

    private static readonly string[] Words = ["--stop_token_ids", "426,432", "--per_device_prompt_batch_size", "12"];

    [Fact]
    public void Another_numbering_of_the_same_tokens_gives_the_scores_of_the_encoded_text()
    {
        TinyRun run = ArgumentRow.Done(runs.Run([.. Words, "--reward_model_name_or_path", Renumbered()]));

        Assert.Contains("the reward model has another tokenizer than the actor: responses are decoded", run.Output, StringComparison.Ordinal);
        Tokenizer tokenizer = Tokenizer.Load(TinyRuns.Reward);
        AssertScores(run, sample => [.. tokenizer.EncodeWithSpecialTokens(sample.Prompt), .. tokenizer.Encode(sample.Response), .. End(sample)]);

        // Its values would be of other tokens, so the critic starts from the actor with a head of zeros.
        Assert.All(run.Samples(), sample => Assert.All(sample.Values, value => Assert.Equal(0, value)));
        Assert.Contains("trained, score head of zeros", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_of_its_own_is_what_the_reward_model_reads()
    {
        string folder = CopyOfReward("templated");
        File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), Template);

        TinyRun run = ArgumentRow.Done(runs.Run([.. Words, "--reward_model_name_or_path", folder]));

        Assert.Contains("the reward model has another chat template than the actor", run.Output, StringComparison.Ordinal);
        Tokenizer tokenizer = Tokenizer.Load(TinyRuns.Reward);
        AssertScores(run, sample => [.. tokenizer.Encode($"user: {sample.Prompt}\nassistant:"), .. tokenizer.Encode(sample.Response), .. End(sample)]);
        Assert.Contains(run.Samples(), sample => sample.Values.Any(value => value != 0)); // the critic reads the same ids
    }

    [Fact]
    public void The_same_tokenizer_in_another_file_is_no_other_tokenizer()
    {
        string folder = CopyOfReward("indented");
        string path = Path.Combine(folder, "tokenizer.json");
        File.WriteAllText(path, JsonNode.Parse(File.ReadAllText(path))!.ToJsonString(new() { WriteIndented = true }));

        TinyRun expected = ArgumentRow.Done(runs.Run(Words));
        TinyRun found = ArgumentRow.Done(runs.Run([.. Words, "--reward_model_name_or_path", folder]));

        Assert.Equal(expected.Samples().Select(sample => sample.Score), found.Samples().Select(sample => sample.Score));
    }

    [Fact]
    public void The_command_eval_scores_as_an_evaluation_of_ppo_does()
    {
        string reward = Renumbered();
        string task = runs.Evaluated[Array.IndexOf(runs.Evaluated, "--eval_task_config") + 1];
        string[] both = ["--eval_task_config", task, "--max_seq_len", "64", "--max_dec_len", "8", "--stop_token_ids", "426,432", "--reward_model_name_or_path", reward];
        TinyRun ppo = ArgumentRow.Done(runs.Run(["--do_train", "false", "--do_eval", "true", .. both]));
        string file = runs.At("eval.json");
        using StringWriter error = new();

        ExitCode exitCode = CommandDispatcher.Run(
            ["eval", "--model_name_or_path", TinyRuns.Actor, "--output_file", file, .. both],
            new CommandConsole { Output = TextWriter.Null, Error = error }, new Dictionary<string, IRewardFunction>());

        Assert.Equal((ExitCode.Done, true), (exitCode, error.ToString().Contains("the reward model has another tokenizer", StringComparison.Ordinal)));
        JsonNode model = JsonNode.Parse(File.ReadAllText(file))!["models"]![0]!;
        Assert.Equal(ppo.Metric("eval/reward_mean", 0), model["reward_mean"]!.GetValue<double>(), 1e-9);
    }

    [Fact]
    public void A_critic_with_another_tokenizer_is_refused()
    {
        string folder = Renumbered();
        TinyRun run = runs.Run([.. Words, "--critic_model_name_or_path", folder]);

        Assert.Equal(ExitCode.Data, run.ExitCode);
        Assert.Contains($"critic_model_name_or_path = {folder}: its tokenizer numbers tokens otherwise than the actor's", run.Error, StringComparison.Ordinal);
    }

    private static int[] End(TinySample sample) => sample.Finished ? [Eos] : [];

    /// <summary>Compares the scores with those of the original reward model at the last of some ids.</summary>
    private static void AssertScores(TinyRun run, Func<TinySample, int[]> encode)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using ScoreModel model = ModelFolder.LoadScore(TinyRuns.Reward, ScalarType.Float32);
        Assert.Contains(run.Samples(), sample => sample.Finished);
        Assert.Contains(run.Samples(), sample => !sample.Finished);
        foreach (TinySample sample in run.Samples())
        {
            long[] ids = [.. encode(sample).Select(id => (long)id)];
            var hidden = model.Decoder.Forward(tensor(ids).unsqueeze(0), arange(ids.Length, dtype: ScalarType.Int64).unsqueeze(0)); // [1, T, C]
            Assert.Equal(model.Values(hidden)[0, -1].item<float>(), sample.Score, 1e-4);
        }
    }

    /// <summary>The reward model with the ids of all ordinary tokens in the reverse order, in its tokenizer and in its embedding.</summary>
    private string Renumbered()
    {
        string folder = CopyOfReward("renumbered");
        string tokenizerPath = Path.Combine(folder, "tokenizer.json");
        JsonNode tokenizer = JsonNode.Parse(File.ReadAllText(tokenizerPath))!;
        JsonObject vocabulary = tokenizer["model"]!["vocab"]!.AsObject();
        int last = vocabulary.Count - 1;
        foreach (string token in vocabulary.Select(pair => pair.Key).ToList())
        {
            int id = vocabulary[token]!.GetValue<int>();
            vocabulary[token] = id < FirstMoved ? id : FirstMoved + last - id;
        }

        File.WriteAllText(tokenizerPath, tokenizer.ToJsonString());
        using var scope = NewDisposeScope();
        string weightsPath = Path.Combine(folder, "model.safetensors");
        Dictionary<string, Tensor> weights = [];
        using (SafetensorsFile file = SafetensorsFile.Open(weightsPath))
        {
            foreach (StoredTensor stored in file.Header.Tensors)
            {
                weights.Add(stored.Name, file.Read(stored.Name).clone());
            }
        }

        var order = tensor(Enumerable.Range(0, last + 1).Select(id => (long)(id < FirstMoved ? id : FirstMoved + last - id)).ToArray());
        weights["model.embed_tokens.weight"] = weights["model.embed_tokens.weight"].index_select(0, order);
        SafetensorsWriter.Write(weightsPath, weights, SafetensorsWriter.TorchMetadata);
        return folder;
    }

    private string CopyOfReward(string name)
    {
        string folder = Directory.CreateDirectory(runs.At(name)).FullName;
        foreach (string file in Directory.GetFiles(TinyRuns.Reward))
        {
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file)); // a copy would be read-only too
        }

        return folder;
    }
}
