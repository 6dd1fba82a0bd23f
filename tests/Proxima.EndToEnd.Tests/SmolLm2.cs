using System.Diagnostics;
using System.Text.Json.Nodes;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>The real instruct model, made from its compressed weights once for all tests.</summary>
internal static class SmolLm2
{
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>Its folder; skips the test where it cannot be made.</summary>
    public static async Task<string> FolderAsync()
    {
        RepositoryPaths.Shared("models", "smollm2-135m-instruct");
        await OneAtATime.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            using Process script = Process.Start("bash", [RepositoryPaths.InRepository("scripts", "get_smollm2.sh")]);
            await script.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(script.ExitCode == 0, "needs a Python with numpy to expand the weights of SmolLM2");
        }
        finally
        {
            OneAtATime.Release();
        }

        return RepositoryPaths.InRepository("artifacts", "models", "smollm2-135m-instruct");
    }

    /// <summary>Chat messages as a line of the data protocol.</summary>
    public static string Line(JsonArray messages)
    {
        JsonArray Contents(string role) => [.. messages
            .Where(message => message!["role"]!.GetValue<string>() == role)
            .Select(message => JsonValue.Create(message!["content"]!.GetValue<string>()))];
        JsonObject line = new() { ["src"] = Contents("user"), ["tgt"] = Contents("assistant") };
        if (Contents("system") is [{ } system])
        {
            line["system"] = system.DeepClone();
        }

        return line.ToJsonString();
    }
}
