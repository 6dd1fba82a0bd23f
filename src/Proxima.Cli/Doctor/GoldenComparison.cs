using System.Text.Json;
using Proxima.Core;
using Proxima.Models.Weights;
using static TorchSharp.torch;

namespace Proxima.Cli.Doctor;

/// <summary>
/// A model against outputs of another program that lie in its folder or beside it: golden.json, with arrays in
/// golden.safetensors where it has some. The layouts are those of tests/goldens/models (arrays), of scored texts
/// ("texts" with "ids" and "score") and of prompts ("prompts" with "token_ids" and "prompt_token_log_probs").
/// </summary>
internal static class GoldenComparison
{
    private const string Numbers = "golden.json";
    private const string Arrays = "golden.safetensors";

    /// <summary>The golden.json of a model folder: its own, else that of the folder it stands in; null where there is none.</summary>
    public static string? Find(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string[] places = [full, Path.GetDirectoryName(full) ?? full];
        return places.Select(place => Path.Combine(place, Numbers)).FirstOrDefault(File.Exists);
    }

    /// <summary>What was compared, and the largest difference found; empty where nothing in the file belongs to such a model.</summary>
    /// <param name="path">a golden.json</param>
    /// <param name="model">of the folder it belongs to</param>
    /// <exception cref="ProximaException">it is malformed, or belongs to a model of another size</exception>
    public static IReadOnlyList<(string What, double Difference)> Run(string path, LoadedModel model)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            using var scope = NewDisposeScope();
            string arrays = Path.Combine(Path.GetDirectoryName(path)!, Arrays); // a file has a folder
            JsonElement root = document.RootElement;
            return File.Exists(arrays) ? CompareArrays(arrays, model)
                : root.TryGetProperty("texts", out JsonElement texts) && model.Causal is null ? CompareScores(texts, model)
                : root.TryGetProperty("prompts", out JsonElement prompts) && model.Causal is not null ? ComparePrompts(prompts, model)
                : [];
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ProximaException(ExitCode.Data, $"{path} cannot be compared with the model: {problem.Message} Copy or make the file again, or move it away if it belongs to another model.", problem);
        }
    }

    private static List<(string, double)> CompareArrays(string path, LoadedModel model)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        HashSet<string> names = [.. file.Tensors.Select(tensor => tensor.Name)];
        if (!names.Contains("right.input_ids"))
        {
            return [];
        }

        var (ids, positions) = (file.Read("right.input_ids"), file.Read("right.position_ids"));
        var mask = file.Read("right.attention_mask") > 0; // [B, T]
        RequireKnown(ids.max().item<long>(), model);
        var found = model.Run(ids, positions); // [B, T, V]
        if (model.Causal is null)
        {
            return names.Contains("score.values") ? [("values", Largest(found.squeeze(-1), file.Read("score.values"), mask))] : [];
        }

        List<(string, double)> list = [];
        if (names.Contains("logits"))
        {
            list.Add(("logits", Largest(found, file.Read("logits"), mask.unsqueeze(-1))));
        }

        if (names.Contains("logprobs"))
        {
            long T = ids.shape[1];
            var logProbs = found.narrow(1, 0, T - 1).log_softmax(-1).gather(-1, ids.narrow(1, 1, T - 1).unsqueeze(-1)).squeeze(-1); // [B, T − 1]
            list.Add(("log-probs", Largest(logProbs, file.Read("logprobs"), file.Read("logprobs_valid") > 0)));
        }

        return list;
    }

    private static List<(string, double)> CompareScores(JsonElement texts, LoadedModel model)
    {
        double largest = 0;
        foreach (JsonElement text in texts.EnumerateArray())
        {
            using var scope = NewDisposeScope();
            int[] ids = Ids(text.GetProperty("ids"), model);
            largest = Math.Max(largest, Math.Abs(model.Run(ids)[ids.Length - 1, 0].item<float>() - text.GetProperty("score").GetDouble()));
        }

        return [("scores", largest)];
    }

    private static List<(string, double)> ComparePrompts(JsonElement prompts, LoadedModel model)
    {
        double largest = 0;
        foreach (JsonElement prompt in prompts.EnumerateArray())
        {
            using var scope = NewDisposeScope();
            int[] ids = Ids(prompt.GetProperty("token_ids"), model);
            var logProbs = model.Run(ids).log_softmax(-1); // [T, V]
            double[] recorded = [.. prompt.GetProperty("prompt_token_log_probs").EnumerateArray().Select(number => number.GetDouble())];
            for (int t = 0; t < recorded.Length; t++)
            {
                largest = Math.Max(largest, Math.Abs(logProbs[t, ids[t + 1]].item<float>() - recorded[t]));
            }
        }

        return [("log-probs", largest)];
    }

    private static int[] Ids(JsonElement list, LoadedModel model)
    {
        int[] ids = [.. list.EnumerateArray().Select(id => id.GetInt32())];
        RequireKnown(ids.Max(), model);
        return ids;
    }

    private static void RequireKnown(long id, LoadedModel model)
    {
        if (id >= model.Config.VocabularySize)
        {
            throw new FormatException($"it holds the id {id}, and the vocabulary of the model has {model.Config.VocabularySize} tokens.");
        }
    }

    private static double Largest(Tensor found, Tensor expected, Tensor where) => found.shape.SequenceEqual(expected.shape)
        ? (found - expected).abs().masked_fill(where.logical_not(), 0).max().item<float>()
        : throw new FormatException($"it holds [{string.Join(", ", expected.shape)}] numbers where the model gives [{string.Join(", ", found.shape)}].");
}
