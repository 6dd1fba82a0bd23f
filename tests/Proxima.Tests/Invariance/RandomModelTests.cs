using CsCheck;
using Proxima.Core;
using Proxima.Generation;
using Proxima.Generation.Fused;
using Proxima.Models;
using Proxima.Tests.Generation.Fused;
using Proxima.Tests.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Invariance;

/// <summary>What holds for every configuration of every family, drawn by CsCheck.</summary>
public sealed class RandomModelTests
{
    private const long Samples = 40;
    private const double Tolerance = 1e-4; // of the logits of tests/goldens/models

    [Fact]
    public void Padding_batch_mates_and_the_cache_change_no_logit() => Gen.Select(RandomModel.Config, Texts).Sample(
        (config, texts) => WithModel(config, model =>
        {
            Tensor[] alone = [.. texts.Select(text => LogitsOf(model, text))];
            for (int i = 0; i < texts.Length; i++)
            {
                Close(alone[i], Padded(model, texts, left: true)[i]);
                Close(alone[i], Padded(model, texts, left: false)[i]);
                Close(alone[i], InPieces(model, texts[i], 1 + (texts[i].Length / 2)));
            }
        }),
        iter: Samples, threads: 1);

    [Fact]
    public void Both_engines_write_the_same_tokens_with_the_log_probs_of_the_model() => Gen.Select(RandomModel.Config, Texts).Sample(
        (config, texts) => WithModel(config, model =>
        {
            var options = new SamplingOptions { MaxNewTokens = 6, StopTokenIds = [2], SamplesPerPrompt = 2, Temperature = 0.8 };
            using var fused = new FusedModel(model, threads: 2, KernelCases.InFp32());
            CounterRandom StreamOf(int i) => new(5, RandomPurpose.Rollout, 0, i);
            IReadOnlyList<SampledResponse> plain = new PlainEngine(model, options).Generate(texts, StreamOf);
            IReadOnlyList<SampledResponse> other = new FusedEngine(fused, options).Generate(texts, StreamOf);
            var agreement = new Generation.Fused.EngineAgreement(model, options);
            agreement.Compare(texts, StreamOf, plain, other);
            Assert.InRange(agreement.LogProbGap, 0, Tolerance);
            for (int i = 0; i < other.Count; i++)
            {
                Recomputed(model, texts[i / 2], other[i], options.Temperature);
                Recomputed(model, texts[i / 2], plain[i], options.Temperature);
            }
        }),
        iter: Samples, threads: 1);

    [Fact]
    public void A_folder_that_was_loaded_and_saved_is_the_same_in_every_stored_type() => RandomModel.Config.Sample(
        config =>
        {
            foreach (ScalarType type in new[] { ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16 })
            {
                using var folder = new TemporaryFolder();
                RandomModel.Write(folder, config, type);
                using CausalLanguageModel model = ModelFolder.LoadCausal(folder.Path, ScalarType.Float32);
                ModelFolder.Save(model, folder.Path, folder.Combine("saved"));
                foreach (string name in new[] { "config.json", "model.safetensors" })
                {
                    Assert.Equal(File.ReadAllBytes(folder.Combine(name)), File.ReadAllBytes(folder.Combine("saved", name)));
                }
            }
        },
        iter: Samples, threads: 1);

    [Fact]
    public void A_critic_made_of_a_language_model_is_saved_as_a_classifier_that_gives_the_same_values() => Gen.Select(RandomModel.Config, Texts).Sample(
        (config, texts) =>
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using var folder = new TemporaryFolder();
            RandomModel.Write(folder, config);
            using ScoreModel critic = ModelFolder.LoadScore(folder.Path, ScalarType.Float32, headSeed: 3);
            ModelFolder.Save(critic, folder.Path, folder.Combine("saved"));
            using ScoreModel again = ModelFolder.LoadScore(folder.Combine("saved"), ScalarType.Float32);
            Assert.Equal((HeadOrigin.Drawn, HeadOrigin.Loaded), (critic.HeadOrigin, again.HeadOrigin));
            var (ids, positions) = Row(texts[0]);
            var expected = critic.Values(critic.Decoder.Forward(ids, positions));
            TensorAssert.Close(expected, again.Values(again.Decoder.Forward(ids, positions)), 0, "values");
        },
        iter: Samples, threads: 1);

    private static Gen<int[][]> Texts { get; } = Gen.Int[0, 36].Array[1, 14].Array[1, 4];

    private static void WithModel(string config, Action<CausalLanguageModel> check)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var folder = new TemporaryFolder();
        RandomModel.Write(folder, config);
        using CausalLanguageModel model = ModelFolder.LoadCausal(folder.Path, ScalarType.Float32);
        check(model);
    }

    private static (Tensor Ids, Tensor Positions) Row(int[] text) =>
        (tensor(text.Select(id => (long)id).ToArray()).unsqueeze(0), arange(text.Length, dtype: ScalarType.Int64).unsqueeze(0));

    private static Tensor LogitsOf(CausalLanguageModel model, int[] text)
    {
        var (ids, positions) = Row(text);
        return model.Logits(model.Decoder.Forward(ids, positions))[0]; // [T, V]
    }

    /// <summary>The logits of each text out of one batch, padded with ids that mean something elsewhere.</summary>
    private static Tensor[] Padded(CausalLanguageModel model, int[][] texts, bool left)
    {
        int width = texts.Max(text => text.Length) + 3;
        var ids = full([texts.Length, width], 2L, dtype: ScalarType.Int64);
        var mask = zeros([texts.Length, width], dtype: ScalarType.Bool);
        int Start(int i) => left ? width - texts[i].Length : 0;
        for (int i = 0; i < texts.Length; i++)
        {
            ids[i].narrow(0, Start(i), texts[i].Length).copy_(tensor(texts[i].Select(id => (long)id).ToArray()));
            mask[i].narrow(0, Start(i), texts[i].Length).fill_(true);
        }

        var positions = mask.to_type(ScalarType.Int64).cumsum(1).sub(1).clamp(min: 0);
        var logits = model.Logits(model.Decoder.Forward(ids, positions, left ? mask : null));
        return [.. texts.Select((text, i) => logits[i].narrow(0, Start(i), text.Length))];
    }

    private static Tensor InPieces(CausalLanguageModel model, int[] text, int firstPiece)
    {
        using KeyValueCache cache = new(model.Config, 1, text.Length, ScalarType.Float32);
        var (ids, positions) = Row(text);
        List<Tensor> pieces = [];
        for (int start = 0; start < text.Length;)
        {
            int count = start == 0 ? Math.Min(firstPiece, text.Length) : 1;
            pieces.Add(model.Logits(model.Decoder.Forward(ids.narrow(1, start, count), positions.narrow(1, start, count), cache: cache))[0]);
            start += count;
        }

        return cat(pieces, 0);
    }

    private static void Recomputed(CausalLanguageModel model, int[] prompt, SampledResponse response, double temperature)
    {
        var logProbs = LogitsOf(model, [.. prompt, .. response.Tokens]).div(temperature).log_softmax(-1);
        for (int t = 0; t < response.Tokens.Length; t++)
        {
            Assert.Equal(logProbs[prompt.Length - 1 + t, response.Tokens[t]].item<float>(), response.LogProbs[t], Tolerance);
        }
    }

    private static void Close(Tensor expected, Tensor found) =>
        TensorAssert.Close(expected, found, Tolerance * Math.Max(1, expected.abs().max().item<float>()), "logits");
}
