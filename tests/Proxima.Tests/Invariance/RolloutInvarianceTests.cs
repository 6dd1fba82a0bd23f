using System.Text.Json.Nodes;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Tests.Training;
using Proxima.TestSupport;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Invariance;

/// <summary>On stories260k, a real model: what must not change a response, its log-probs or its score.</summary>
public sealed class RolloutInvarianceTests
{
    private const int FullStop = 426;
    private const int Eos = 2;

    private static readonly int[][] Prompts = [[1, 385, 328, 432, 392, 417, 412, 286, 399, 296, 418], [1, 403, 407], [1, 385, 328, 432], [1, 317, 439, 419, 357]];

    public static TheoryData<bool, double> EnginesAndTemperatures() => new() { { false, 0.5 }, { false, 1 }, { false, 1.7 }, { true, 0.5 }, { true, 1 }, { true, 1.7 } };

    [Theory]
    [MemberData(nameof(EnginesAndTemperatures))]
    public void Sampler_and_trainer_see_the_same_log_probs_at_every_temperature(bool isFused, double temperature)
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(new PpoSettings(), StoriesModels.ShortResponses with { Temperature = temperature });
        IReadOnlyList<Sequence> rollout = Roll(models, isFused, samples: 2);
        using Experience experience = models.Builder.Build(rollout, 0.1);
        foreach (Sequence sequence in rollout)
        {
            for (int t = 0; t < sequence.Response.Length; t++)
            {
                Assert.Equal(experience.LogProbs[sequence.Index, t].item<float>(), sequence.SamplerLogProbs[t], 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Order_and_number_of_prompts_and_the_number_of_samples_change_no_response(bool isFused)
    {
        using CausalLanguageModel model = ModelFolder.LoadCausal(RepositoryPaths.Shared("models", "stories260k"), ScalarType.Float32);
        var options = new SamplingOptions { MaxNewTokens = 16, StopTokenIds = [FullStop], SamplesPerPrompt = 3 };
        using GenerationEngines engines = isFused ? GenerationEngines.Fused(model, threads: 2, ComputeKernel.Fp32, ComputePrecision.Fp32) : GenerationEngines.Plain(model);
        IReadOnlyList<SampledResponse> together = engines.Create(options).Generate(Prompts, Stream);

        // The three samples of prompt p are the responses to p alone from the streams 3p, 3p + 1 and 3p + 2.
        IGenerationEngine single = engines.Create(options with { SamplesPerPrompt = 1 });
        int[] order = [7, 2, 11, 0, 5, 9, 1, 10, 3, 8, 4, 6];
        IReadOnlyList<SampledResponse> shuffled = single.Generate([.. order.Select(i => Prompts[i / 3])], i => Stream(order[i]));
        for (int i = 0; i < order.Length; i++)
        {
            AssertSame(together[order[i]], shuffled[i]);
            AssertSame(together[i], Assert.Single(single.Generate([Prompts[i / 3]], _ => Stream(i))));
        }

        Assert.InRange(together.Select(response => string.Join(' ', response.Tokens)).Distinct().Count(), 9, 12); // samples differ
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stop_token_that_is_not_the_eos_ends_responses_and_is_where_the_score_is_read(bool isFused)
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(new PpoSettings(), StoriesModels.ShortResponses);
        IReadOnlyList<Sequence> rollout = Roll(models, isFused, samples: 4);
        using Experience experience = models.Builder.Build(rollout, 0);
        Assert.Contains(rollout, sequence => sequence.Finished);
        foreach (Sequence sequence in rollout)
        {
            Assert.DoesNotContain(FullStop, sequence.Response[..^1]);
            Assert.Equal(sequence.Response[^1] == FullStop, sequence.Finished);
            Assert.Equal(ScoreOf(models.Reward, sequence), experience.Scores[sequence.Index], 1e-4);
            Assert.Equal(experience.Scores[sequence.Index], experience.Rewards[sequence.Index, sequence.Response.Length - 1].item<float>(), 1e-6);
        }
    }

    [Fact]
    public void The_pad_id_changes_nothing_even_where_it_is_the_eos_that_ends_a_response()
    {
        using var folder = new Models.TemporaryFolder();
        List<float[]> weights = [];
        List<float> lastLogProbs = [];
        foreach (int? pad in new int?[] { null, 0, Eos, FullStop })
        {
            using var scope = NewDisposeScope();
            string actor = WithPad(folder, "stories260k", pad);
            string reward = WithPad(folder, "stories260k-reward", pad);
            using var models = new StoriesModels(
                new PpoSettings { NormalizeAdvantage = true, UpdateIters = 2 }, StoriesModels.ShortResponses, folders: (actor, reward));
            IReadOnlyList<Sequence> rollout = Roll(models, isFused: false, samples: 2);
            Sequence finished = rollout.First(sequence => sequence.Finished);
            using Experience experience = models.Builder.Build(rollout, 0.1);
            lastLogProbs.Add(experience.LogProbs[finished.Index, finished.Response.Length - 1].item<float>());
            models.Updater.Update(experience, 1, new MetricAccumulator());
            weights.Add(models.ActorOptimizer.Parameters.Values.data<float>().ToArray());
        }

        Assert.All(weights, after => Assert.Equal(weights[0], after));
        Assert.All(lastLogProbs, logProb => Assert.True(logProb < 0 && logProb == lastLogProbs[0])); // the stop token itself is learned
    }

    private static string WithPad(Models.TemporaryFolder folder, string name, int? id)
    {
        string copy = folder.CopyOf(RepositoryPaths.Shared("models", name), $"{name}-{id}");
        string path = Path.Combine(copy, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config["pad_token_id"] = id;
        File.WriteAllText(path, config.ToJsonString());
        Assert.Equal(id, ModelConfig.Load(copy).PadTokenId);
        return copy;
    }

    private static CounterRandom Stream(int i) => new(9, RandomPurpose.Rollout, 2, i);

    private static IReadOnlyList<Sequence> Roll(StoriesModels models, bool isFused, int samples)
    {
        using GenerationEngines engines = isFused ? GenerationEngines.Fused(models.Actor, threads: 2, ComputeKernel.Fp32, ComputePrecision.Fp32) : GenerationEngines.Plain(models.Actor);
        var worker = new RolloutWorker(engines, models.Sampling, new StopCriteria { TokenIds = models.Sampling.StopTokenIds ?? [] }, samples);
        return worker.Answer([.. Prompts.Select(ids => new Prompt(new Proxima.Data.Dialogues.Dialogue { Src = ["a"], Tgt = [] }, ids))], Stream);
    }

    /// <summary>The reward of prompt and response alone.</summary>
    private static double ScoreOf(ScoreModel model, Sequence sequence)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        long[] ids = [.. sequence.Prompt.Concat(sequence.Response).Select(id => (long)id)];
        var hidden = model.Decoder.Forward(tensor(ids).unsqueeze(0), arange(ids.Length, dtype: ScalarType.Int64).unsqueeze(0));
        return model.Values(hidden)[0, ids.Length - 1].item<float>();
    }

    private static void AssertSame(SampledResponse expected, SampledResponse found)
    {
        Assert.Equal(expected.Tokens, found.Tokens);
        Assert.Equal(expected.Stopped, found.Stopped);
        Assert.All(expected.LogProbs.Zip(found.LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }
}
