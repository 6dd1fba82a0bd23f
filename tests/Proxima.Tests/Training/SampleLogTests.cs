using System.IO.Compression;
using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.TestSupport;
using Proxima.Text;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Training;

public sealed class SampleLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sample_holds_the_texts_ids_score_and_one_number_a_token_of_each_kind()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(new PpoSettings { NormalizeAdvantage = true }, StoriesModels.ShortResponses);
        using Experience experience = models.Builder.Build(models.Roll(), 0.1);
        Tokenizer tokenizer = Tokenizer.Load(RepositoryPaths.Shared("models", "stories260k"));

        Log(samplesPerStep: 3, tokenizer).Append(7, experience);

        List<JsonElement> samples = Read();
        Assert.Equal(3, samples.Count);
        for (int row = 0; row < samples.Count; row++)
        {
            Sequence sequence = experience.Sequences[row];
            Assert.Equal(7, samples[row].GetProperty("step").GetInt32());
            Assert.Equal("rollout", samples[row].GetProperty("kind").GetString());
            Assert.Equal(tokenizer.Decode(sequence.Prompt), samples[row].GetProperty("prompt").GetString());
            Assert.Equal(tokenizer.Decode(sequence.Response), samples[row].GetProperty("response").GetString());
            Assert.Equal(experience.Scores[row], samples[row].GetProperty("score").GetDouble());
            Assert.Equal(sequence.Finished, samples[row].GetProperty("finished").GetBoolean());
            Assert.Equal(sequence.Prompt, Numbers(samples[row], "prompt_ids").Select(id => (int)id));
            Assert.Equal(sequence.Response, Numbers(samples[row], "response_ids").Select(id => (int)id));
            foreach ((string name, Tensor grid) in new[]
            {
                ("log_probs", experience.LogProbs), ("ref_log_probs", experience.RefLogProbs), ("values", experience.Values), ("advantages", experience.Advantages),
            })
            {
                Assert.Equal(
                    Enumerable.Range(0, sequence.Response.Length).Select(t => grid[row, t].item<float>()), Numbers(samples[row], name).Select(x => (float)x));
            }
        }
    }

    [Fact]
    public void A_number_that_is_not_finite_is_null()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(new PpoSettings(), StoriesModels.ShortResponses);
        using Experience experience = models.Builder.Build(models.Roll(), 0.1);
        experience.Values[0, 1] = tensor(float.NaN);

        Log(samplesPerStep: 1, Tokenizer.Load(RepositoryPaths.Shared("models", "stories260k"))).Append(1, experience);

        Assert.Equal(JsonValueKind.Null, Read()[0].GetProperty("values")[1].ValueKind);
    }

    [Fact]
    public void Answers_of_the_reference_stand_under_step_0()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(new PpoSettings(), StoriesModels.ShortResponses);
        IReadOnlyList<Sequence> answers = models.Roll();

        Log(samplesPerStep: 2, Tokenizer.Load(RepositoryPaths.Shared("models", "stories260k"))).AppendReference(answers, [.. answers.Select((_, i) => i / 2.0)]);

        List<JsonElement> samples = Read();
        Assert.Equal(answers.Count, samples.Count);
        Assert.All(samples, sample => Assert.Equal("reference", sample.GetProperty("kind").GetString()));
        Assert.All(samples, sample => Assert.Equal(0, sample.GetProperty("step").GetInt32()));
        Assert.Equal(answers.Select((_, i) => i / 2.0), samples.Select(sample => sample.GetProperty("score").GetDouble()));
        Assert.Equal(answers[1].SamplerLogProbs, Numbers(samples[1], "ref_log_probs").Select(x => (float)x));
    }

    [Fact]
    public void Without_samples_there_is_no_file()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(new PpoSettings(), StoriesModels.ShortResponses);
        using Experience experience = models.Builder.Build(models.Roll(), 0.1);

        Log(samplesPerStep: 0, Tokenizer.Load(RepositoryPaths.Shared("models", "stories260k"))).Append(1, experience);

        Assert.Empty(_folder.Entries());
    }

    private SampleLog Log(int samplesPerStep, Tokenizer tokenizer) => new(_folder.At("samples.jsonl.gz"), samplesPerStep, tokenizer);

    private List<JsonElement> Read()
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(_folder.At("samples.jsonl.gz")), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static IEnumerable<double> Numbers(JsonElement sample, string name) => sample.GetProperty(name).EnumerateArray().Select(number => number.GetDouble());
}
