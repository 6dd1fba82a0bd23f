using System.Text.Json;

namespace Proxima.TestSupport;

/// <summary>A model that is right but for one token: whatever reads that has no finite number to show for it.</summary>
internal static class FaultyModel
{
    private const string Embedding = "model.embed_tokens.weight";

    /// <summary>Copies a model in float32 and breaks the embedding of a token.</summary>
    /// <param name="source">its folder</param>
    /// <param name="target">the folder to be made</param>
    /// <param name="token">the token's id</param>
    /// <returns>the folder of the copy</returns>
    public static string Copy(string source, string target, int token)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.GetFiles(source))
        {
            File.WriteAllBytes(Path.Combine(target, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        string path = Path.Combine(target, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        int start = 8 + BitConverter.ToInt32(bytes, 0);
        using (JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, start - 8)))
        {
            JsonElement embedding = header.RootElement.GetProperty(Embedding);
            int width = embedding.GetProperty("shape")[1].GetInt32();
            int first = start + embedding.GetProperty("data_offsets")[0].GetInt32() + (token * width * sizeof(float));
            for (int i = 0; i < width; i++)
            {
                BitConverter.TryWriteBytes(bytes.AsSpan(first + (i * sizeof(float))), float.NaN);
            }
        }

        File.WriteAllBytes(path, bytes);
        return target;
    }
}
