using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Proxima.Core;
using Proxima.Models.Weights;
using static TorchSharp.torch;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>What a small run left: exit code, what it printed, and its files.</summary>
internal sealed record TinyRun(ExitCode ExitCode, string Output, string Error, string Folder)
{
    /// <summary>Path below the run's folder.</summary>
    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>The first line of the output that begins with a text.</summary>
    public string Line(string text) => Output.Split('\n').First(line => line.StartsWith(text, StringComparison.Ordinal));

    /// <summary>Step → value of a metric; empty when it was never written.</summary>
    public SortedDictionary<int, double> Metrics(string name)
    {
        SortedDictionary<int, double> values = [];
        foreach (string line in File.ReadLines(At("metrics.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty(name, out JsonElement value))
            {
                values[document.RootElement.GetProperty("step").GetInt32()] = value.GetDouble();
            }
        }

        return values;
    }

    /// <summary>A metric after a step.</summary>
    public double Metric(string name, int step = 1) => Metrics(name)[step];

    /// <summary>Last step of which metrics were written.</summary>
    public int LastStep => Metrics("objective/score_mean").Keys.LastOrDefault();

    /// <summary>Steps that were evaluated.</summary>
    public IReadOnlyList<int> EvaluatedSteps => [.. Metrics("eval/reward_mean").Keys];

    /// <summary>Steps of which there is a checkpoint.</summary>
    public IReadOnlyList<int> Checkpoints =>
        [.. Directory.GetDirectories(Folder, "checkpoint-*").Select(path => int.Parse(Path.GetFileName(path)[11..], CultureInfo.InvariantCulture)).Order()];

    /// <summary>The sequences of a step's rollout.</summary>
    public IReadOnlyList<TinySample> Samples(int step = 1)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(At("samples.jsonl.gz")), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => new TinySample(JsonDocument.Parse(line).RootElement))
            .Where(sample => sample.IsOfRollout(step))];
    }

    /// <summary>Prompt and response of each line of an evaluation.</summary>
    public IReadOnlyList<(string Prompt, string Response)> Evaluation(int step) =>
        [.. File.ReadLines(At($"eval_out-step{step}-rank0.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(line => (line.GetProperty("prompt").GetString()!, line.GetProperty("response").GetString()!))];

    /// <summary>Optimizer steps of a model up to a checkpoint.</summary>
    public int OptimizerSteps(int step, string model = "actor")
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(At($"checkpoint-{step}", "trainer_state.json")));
        return document.RootElement.GetProperty("optimizers").GetProperty(model).GetProperty("steps").GetInt32();
    }

    /// <summary>A setting as run_config.json has it; null when it is left out.</summary>
    public string? Setting(string name)
    {
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllText(At("run_config.json")), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return document.RootElement.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;
    }

    /// <summary>Name → weights of a model that the run ended with.</summary>
    public SortedDictionary<string, float[]> Weights(string model) => WeightsOf(At(model));

    /// <summary>Name → weights of a model folder.</summary>
    public static SortedDictionary<string, float[]> WeightsOf(string folder)
    {
        using var scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        SortedDictionary<string, float[]> weights = new(StringComparer.Ordinal);
        foreach (StoredTensor stored in file.Header.Tensors)
        {
            weights.Add(stored.Name, file.Read(stored.Name).data<float>().ToArray());
        }

        return weights;
    }
}
