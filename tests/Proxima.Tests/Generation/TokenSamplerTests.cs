using System.IO.Compression;
using System.Text.Json;
using Proxima.Core;
using Proxima.Generation;
using Proxima.TestSupport;

namespace Proxima.Tests.Generation;

/// <summary>Against the logits processors of transformers (tests/goldens/sampling).</summary>
public sealed class TokenSamplerTests
{
    [Fact]
    public void Kept_tokens_probabilities_and_draws_equal_those_of_transformers()
    {
        using JsonDocument document = Cases();
        int cases = 0;
        int draws = 0;
        foreach (JsonElement item in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            cases++;
            draws += AssertCase(item);
        }

        Assert.Equal((94, 1391), (cases, draws));
    }

    [Theory]
    [InlineData(1.0, 0, 1)] // 5 is the highest, the first of two
    [InlineData(1.0, 2, 2)] // ids 1 and 3 are stop ids and forbidden
    [InlineData(4.0, 0, 2)] // ids 1 and 3 are in the context: 5 ÷ 4 < 4
    public void At_temperature_0_the_likeliest_allowed_token_is_taken(double penalty, int least, int expected)
    {
        float[] logits = [1, 5, 4, 5];
        var sampler = new TokenSampler(
            new SamplingOptions { MaxNewTokens = 9, MinNewTokens = least, StopTokenIds = [1, 3], RepetitionPenalty = penalty, Temperature = 0, TopK = 3, TopP = 0.1 }, 4);
        double sum = logits.Sum(x => Math.Exp(x));

        foreach (double u in new[] { 0, 0.5, 0.999 })
        {
            DrawnToken drawn = sampler.Draw(logits, [1, 3, 3], newTokens: 1, u);
            Assert.Equal(expected, drawn.Token);
            Assert.Equal(logits[expected] - Math.Log(sum), drawn.LogProb, 1e-6);
        }
    }

    [Fact]
    public void At_temperature_0_logits_that_are_no_numbers_are_an_error()
    {
        var sampler = new TokenSampler(new SamplingOptions { MaxNewTokens = 1, Temperature = 0 }, 3);

        Assert.Equal(ExitCode.Numerical, Assert.Throws<NonFiniteException>(() => sampler.Draw([1, float.NaN, 2], [], 1, 0.5)).ExitCode);
    }

    [Fact]
    public void Padding_is_not_penalised_though_transformers_does_so()
    {
        using JsonDocument document = Cases();
        JsonElement note = document.RootElement.GetProperty("padding_note");
        float[] logits = [.. note.GetProperty("logits").EnumerateArray().Select(Number)];
        var options = new SamplingOptions { MaxNewTokens = 1, RepetitionPenalty = note.GetProperty("repetition_penalty").GetDouble() };
        var sampler = new TokenSampler(options, logits.Length);

        sampler.Process(logits, Ints(note, "prompt"), newTokens: 0);

        Assert.Equal(note.GetProperty("scores_valid_tokens_only").EnumerateArray().Select(Number), sampler.Scores.ToArray());
    }

    [Fact]
    public void A_log_prob_and_an_entropy_are_those_of_the_raw_logits_over_the_temperature()
    {
        float[] logits = [1, 2, 3];
        double sum = logits.Sum(x => Math.Exp(x / 0.5));
        double entropy = -logits.Sum(x => Math.Exp(x / 0.5) / sum * ((x / 0.5) - Math.Log(sum)));

        DrawnToken free = new TokenSampler(Options(topK: 0), 3).Draw(logits, [], 0, 0.1);
        DrawnToken filtered = new TokenSampler(Options(topK: 2), 3).Draw(logits, [], 0, 0.1);

        Assert.Equal((1, 1), (free.Token, filtered.Token));
        Assert.All([free, filtered], drawn =>
        {
            Assert.Equal((2 / 0.5) - Math.Log(sum), drawn.LogProb, 1e-6);
            Assert.Equal(entropy, drawn.Entropy, 1e-6);
        });

        static SamplingOptions Options(int topK) => new() { MaxNewTokens = 1, Temperature = 0.5, TopK = topK };
    }

    [Theory]
    [InlineData(7, 1.0)]
    [InlineData(512, 0.7)]
    [InlineData(3000, 1.5)]
    public void Draws_without_a_filter_are_the_first_tokens_whose_sum_in_double_passes_u(int vocabularySize, double temperature)
    {
        var random = new CounterRandom(5, RandomPurpose.Rollout);
        float[] logits = [.. Enumerable.Range(0, vocabularySize).Select(_ => (float)random.NextNormal())];
        double[] shares = [.. logits.Select(x => Math.Exp(x / temperature))];
        double total = shares.Sum();
        var sampler = new TokenSampler(new SamplingOptions { MaxNewTokens = 1, MinNewTokens = 0, Temperature = temperature }, vocabularySize);
        int compared = 0;
        for (int token = 0; token < vocabularySize; token += 1 + (vocabularySize / 100))
        {
            if (shares[token] < 1e-5 * total)
            {
                continue; // narrower than the rounding of shares in float32
            }

            compared++;
            double middle = (shares.Take(token).Sum() + (shares[token] / 2)) / total;
            DrawnToken drawn = sampler.Draw(logits, [], newTokens: 0, middle);

            Assert.Equal(token, drawn.Token);
            Assert.Equal(Math.Log(shares[token] / total), drawn.LogProb, 1e-5);
        }

        Assert.InRange(compared, Math.Min(vocabularySize, 40), vocabularySize);
        Assert.Equal(0, sampler.Draw(logits, [], newTokens: 0, uniform: 0).Token);
        Assert.Equal(vocabularySize - 1, sampler.Draw(logits, [], newTokens: 0, Math.BitDecrement(1.0)).Token);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_logit_that_is_no_number_is_an_error_with_and_without_a_filter(float wrong)
    {
        float[] logits = [1, wrong, 2];
        foreach (int topK in new[] { 0, 2 })
        {
            var sampler = new TokenSampler(new SamplingOptions { MaxNewTokens = 1, TopK = topK }, logits.Length);

            Assert.Equal(ExitCode.Numerical, Assert.Throws<NonFiniteException>(() => sampler.Draw(logits, [], 0, 0.5)).ExitCode);
        }
    }

    private static int AssertCase(JsonElement item)
    {
        string name = item.GetProperty("name").GetString()!;
        float[] logits = [.. item.GetProperty("logits").EnumerateArray().Select(Number)];
        int[] context = Ints(item, "context");
        int newTokens = context.Length - (item.TryGetProperty("prompt_length", out JsonElement prompt) ? prompt.GetInt32() : context.Length);
        double topP = item.TryGetProperty("top_p", out JsonElement p) ? p.GetDouble() : 1;
        var sampler = new TokenSampler(
            new SamplingOptions
            {
                MaxNewTokens = 1000,
                MinNewTokens = item.TryGetProperty("min_new_tokens", out JsonElement least) ? least.GetInt32() : 0,
                StopTokenIds = Ints(item, "eos"),
                RepetitionPenalty = item.TryGetProperty("repetition_penalty", out JsonElement r) ? r.GetDouble() : 1,
                Temperature = item.TryGetProperty("temperature", out JsonElement t) ? t.GetDouble() : 1,
                TopK = item.TryGetProperty("top_k", out JsonElement k) ? k.GetInt32() : 0,
                TopP = topP,
            },
            logits.Length);
        sampler.Process(logits, context, newTokens);

        JsonElement expected = item.GetProperty("processed");
        int[] kept = [.. expected.GetProperty("kept").EnumerateArray().Select(x => x.GetInt32())];
        if (!item.TryGetProperty("force_top_p", out _))
        {
            Assert.True(kept.SequenceEqual(Enumerable.Range(0, logits.Length).Where(i => sampler.Scores[i] != float.NegativeInfinity)), name);
        }

        float[] probabilities = [.. expected.GetProperty("probs").EnumerateArray().Select(Number)];
        for (int i = 0; i < kept.Length; i++)
        {
            // README of the goldens: 1e-6, and 2e-6 relative for the larger ones.
            Assert.Equal(probabilities[i], sampler.Probabilities[kept[i]], Math.Max(1e-6, 2e-6 * probabilities[i]));
        }

        int draws = 0;
        foreach (JsonElement draw in item.GetProperty("draws").EnumerateArray())
        {
            draws++;
            int token = sampler.Sample(logits, context, newTokens, draw[0].GetDouble());
            Assert.True(draw[1].GetInt32() == token, $"{name}: u = {draw[0]} gave {token}, not {draw[1]}");
            Assert.Equal(token, sampler.Draw(logits, context, newTokens, draw[0].GetDouble()).Token);
        }

        return draws;
    }

    private static JsonDocument Cases()
    {
        using var stream = new GZipStream(
            File.OpenRead(RepositoryPaths.InRepository("tests", "goldens", "sampling", "cases.json.gz")), CompressionMode.Decompress);
        return JsonDocument.Parse(stream);
    }

    private static int[] Ints(JsonElement item, string key)
    {
        if (!item.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(x => x.GetInt32())] : [value.GetInt32()];
    }

    private static float Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? float.NegativeInfinity : value.GetSingle();
}
