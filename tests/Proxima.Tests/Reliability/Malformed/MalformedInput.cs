using System.Text;
using Proxima.Core;

namespace Proxima.Tests.Reliability.Malformed;

/// <summary>A command with one thing wrong.</summary>
/// <param name="Name">what is wrong</param>
/// <param name="ExitCode">how the command has to end</param>
/// <param name="Part">part of its message</param>
/// <param name="Break">makes it wrong</param>
/// <param name="Words">further words of the command</param>
internal sealed record MalformedInput(string Name, ExitCode ExitCode, string Part, Action<InputFolder> Break, params string[] Words)
{
    /// <summary>A file of the folder with another content.</summary>
    public static MalformedInput File(string name, string file, string content, string part, ExitCode exitCode = ExitCode.Data, params string[] words) =>
        new(name, exitCode, part, folder => folder.Write(file, content), words);

    /// <summary>The same with bytes.</summary>
    public static MalformedInput Bytes(string name, string file, byte[] content, string part) =>
        new(name, ExitCode.Data, part, folder => folder.Write(file, content));

    /// <summary>A file whose text is changed in one place.</summary>
    public static MalformedInput Edit(string name, string file, string old, string changed, string part) => new(name, ExitCode.Data, part, folder =>
    {
        string text = Encoding.UTF8.GetString(folder.Read(file));
        Assert.Contains(old, text, StringComparison.Ordinal);
        folder.Write(file, text.Replace(old, changed, StringComparison.Ordinal));
    });

    /// <summary>Words that cannot be.</summary>
    public static MalformedInput Setting(string part, params string[] words) =>
        new($"setting {string.Join(' ', words)}", ExitCode.Usage, part, _ => { }, words);
}
