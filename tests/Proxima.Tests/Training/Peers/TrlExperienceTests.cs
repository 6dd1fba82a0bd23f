using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Models;
using Proxima.Training;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>The product's own way from a rollout to advantages, under the preset trl, on the rollouts that TRL recorded.</summary>
public sealed class TrlExperienceTests
{
    [Theory]
    [InlineData("minibatch", 1)]
    [InlineData("minibatch", 2)]
    [InlineData("accumulate", 1)]
    [InlineData("accumulate", 2)]
    [InlineData("eight_prompts", 1)]
    [InlineData("k3_whiten", 1)]
    public void Log_probs_values_scores_rewards_and_advantages_are_those_of_TRL(string name, int update)
    {
        using var scope = NewDisposeScope();
        using var run = new TrlRun(name);
        using CausalLanguageModel actor = ModelFolder.LoadCausal(Start(run, "policy", update), ScalarType.Float32);
        using CausalLanguageModel reference = ModelFolder.LoadCausal(run.Reference, ScalarType.Float32);
        using ScoreModel critic = ModelFolder.LoadScore(Start(run, "value", update), ScalarType.Float32);
        using ScoreModel reward = ModelFolder.LoadScore(TrlRun.FolderOf("models", "reward"), ScalarType.Float32);
        PpoSettings ppo = run.Settings;
        var sampling = new SamplingSettings { MaxDecLen = run.Integer("response_length"), Temperature = run.Number("temperature") };
        var builder = new ExperienceBuilder(actor, new FrozenModel<CausalLanguageModel>(reference), critic, new RewardModelSource(new FrozenModel<ScoreModel>(reward)), new ScoreShaper(ppo), ppo, sampling);

        using Experience experience = builder.Build(Rollout(run, update), ppo.KlCoeff);

        var (tokens, slots) = (run.Mask(update, "padding_mask"), run.Mask(update, "padding_mask_p1"));
        Check("logprobs", experience.LogProbs, tokens);
        Check("ref_logprobs", experience.RefLogProbs, tokens);
        Check("values", experience.Values, slots);
        Check(run.WhitensRewards ? "rewards_before_whitening" : "rewards", experience.Rewards, slots);
        PeerCase.Near(run.Array(update, "scores_before_penalty"), Row(experience.Scores), "scores_before_penalty");
        PeerCase.Near(run.Array(update, "scores"), Row(experience.ShapedScores), "scores");
        if (!run.WhitensRewards) // which Proxima does not offer; the replay below goes on from there
        {
            Check("returns", experience.Returns, slots);
            Check("advantages", experience.Advantages, tokens);
        }

        if (ppo.KlEstimator == KlEstimator.K1)
        {
            double logged = run.Records[update - 1].GetProperty("logged").GetProperty("objective/kl").GetDouble();
            Assert.Equal(logged, experience.KlPerSequence, 1e-5); // a sum of 12 differences of float32
        }

        void Check(string array, Tensor actual, Tensor mask)
        {
            var recorded = run.Array(update, array).narrow(1, 0, actual.shape[1]);
            PeerCase.Near(recorded.masked_fill(mask.narrow(1, 0, actual.shape[1]).logical_not(), 0), actual, array);
        }
    }

    private static string Start(TrlRun run, string model, int update) =>
        update == 1 ? TrlRun.FolderOf("models", model) : run.After(model, update - 1)!;

    private static Tensor Row(IReadOnlyList<double> numbers) => tensor(numbers.Select(x => (float)x).ToArray());

    private static IReadOnlyList<Sequence> Rollout(TrlRun run, int update)
    {
        long[,] queries = Matrix(run.Array(update, "queries"));
        long[,] isToken = Matrix(run.Array(update, "query_mask"));
        long[,] responses = Matrix(run.Array(update, "postprocessed_responses"));
        long[] last = run.Array(update, "sequence_lengths").data<long>().ToArray();
        byte[] hasEnd = run.Array(update, "contain_eos_token").data<byte>().ToArray();
        return [.. Enumerable.Range(0, last.Length).Select(row => new Sequence
        {
            Index = row,
            Dialogue = new Dialogue { Src = ["a"], Tgt = [] },
            Prompt = [.. Enumerable.Range(0, queries.GetLength(1)).Where(i => isToken[row, i] != 0).Select(i => (int)queries[row, i])],
            Response = [.. Enumerable.Range(0, (int)last[row] + 1).Select(i => (int)responses[row, i])],
            SamplerLogProbs = new float[last[row] + 1],
            SamplerEntropies = new float[last[row] + 1],
            Finished = hasEnd[row] != 0,
        })];
    }

    private static long[,] Matrix(Tensor tensor) => (long[,])tensor.to_type(ScalarType.Int64).data<long>().ToNDArray();
}
