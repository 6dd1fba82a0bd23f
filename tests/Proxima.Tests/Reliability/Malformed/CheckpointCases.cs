using Proxima.Core;
using Proxima.Core.Runs;

namespace Proxima.Tests.Reliability.Malformed;

/// <summary>Checkpoints that a run is to go on from.</summary>
internal static class CheckpointCases
{
    private static readonly string[] Resume = ["--resume_from_checkpoint", "CHECKPOINT"];

    public static IReadOnlyList<MalformedInput> All { get; } =
    [
        Of("an empty folder", ExitCode.Usage, "no trainer_state.json is there", folder => Directory.CreateDirectory(folder.At("checkpoint-1"))),
        Of("a file", ExitCode.Usage, "no trainer_state.json is there", folder => folder.Write("checkpoint-1", "x")),
        Of("no manifest", ExitCode.Data, "manifest.json is missing", folder => folder.Write("checkpoint-1/trainer_state.json", "{}")),
        Of("a manifest that is none", ExitCode.Data, "manifest.json is damaged", folder => Write(folder, manifest: "{")),
        Of("a manifest that is a list", ExitCode.Data, "manifest.json is damaged", folder => Write(folder, manifest: "[]")),
        Of("a manifest a million levels deep", ExitCode.Data, "manifest.json is damaged", folder => Write(folder, manifest: new string('[', 1_000_000))),
        Of("a manifest with a text for a size", ExitCode.Data, "manifest.json is damaged", folder => Write(folder, manifest: "{\"files\": {\"a\": {\"bytes\": \"x\", \"sha256\": \"\"}}}")),
        Of("a file that the manifest names and that is gone", ExitCode.Data, "a is missing", folder => Write(folder, manifest: "{\"files\": {\"a\": {\"bytes\": 1, \"sha256\": \"\"}}}")),
        Of("a manifest that leads outside", ExitCode.Data, "../config.json is missing", folder => Write(folder, manifest: "{\"files\": {\"../config.json\": {\"bytes\": 2, \"sha256\": \"\"}}}")),
        Of("another size", ExitCode.Data, "trainer_state.json has 2 bytes instead of 9", folder => Write(folder, manifest: "{\"files\": {\"trainer_state.json\": {\"bytes\": 9, \"sha256\": \"\"}}}")),
        Of("another content", ExitCode.Data, "the content of trainer_state.json is not what was saved", folder => Write(folder, manifest: "{\"files\": {\"trainer_state.json\": {\"bytes\": 2, \"sha256\": \"00\"}}}")),
        Of("a state that is empty", ExitCode.Data, "trainer_state.json is damaged", folder => Write(folder, state: "")),
        Of("a state that is a list", ExitCode.Data, "trainer_state.json is damaged", folder => Write(folder, state: "[]")),
        Of("a state without a step", ExitCode.Data, "trainer_state.json is damaged", folder => Write(folder, state: "{}")),
        Of("a state that is null", ExitCode.Data, "trainer_state.json is damaged", folder => Write(folder, state: "null")),
        Of("a state with a text for a step", ExitCode.Data, "trainer_state.json is damaged", folder => Write(folder, state: "{\"step\": \"x\"}")),
    ];

    private static MalformedInput Of(string name, ExitCode exitCode, string part, Action<InputFolder> write) =>
        new($"checkpoint: {name}", exitCode, part, write, Resume);

    private static void Write(InputFolder folder, string state = "{}", string? manifest = null)
    {
        folder.Write("checkpoint-1/trainer_state.json", state);
        CheckpointManifest.Write(folder.At("checkpoint-1"));
        if (manifest is not null)
        {
            folder.Write("checkpoint-1/manifest.json", manifest);
        }
    }
}
