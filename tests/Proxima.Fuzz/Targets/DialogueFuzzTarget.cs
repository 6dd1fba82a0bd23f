using Proxima.Core;
using Proxima.Data.Dialogues;

namespace Proxima.Fuzz.Targets;

/// <summary>Reads bytes as a data file, for every purpose: dialogues, or a <see cref="ProximaException"/> that says what is wrong.</summary>
public static class DialogueFuzzTarget
{
    /// <param name="content">of the file</param>
    /// <param name="name">whose ending tells whether it is compressed</param>
    public static void Run(ReadOnlySpan<byte> content, string name) => FuzzFolder.With(name, content, folder =>
    {
        string path = Path.Combine(folder, name);
        foreach (DialogueKind kind in Enum.GetValues<DialogueKind>())
        {
            try
            {
                DialogueFile file = DialogueReader.Read(path, kind, InvalidLines.SkipAndReport);
                ArgumentOutOfRangeException.ThrowIfZero(file.Dialogues.Count);
            }
            catch (ProximaException e) when (e.ExitCode == ExitCode.Data)
            {
                // What a data file may end with.
            }
        }
    });
}
