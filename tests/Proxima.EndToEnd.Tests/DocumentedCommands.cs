using System.Text.RegularExpressions;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>The commands in the bash blocks of the front page and of docs/. A block after a line <c>&lt;!-- needs a GPU --&gt;</c> or <c>&lt;!-- needs a cluster --&gt;</c> is left out.</summary>
internal static partial class DocumentedCommands
{
    private const string Program = "proxima";

    /// <summary>Words that begin a command of <c>proxima</c> in other ways.</summary>
    private static readonly (string Beginning, string Meaning)[] Spellings =
    [
        ("dotnet artifacts/bin/Proxima.Cli/release/proxima.dll ", $"{Program} "),
        ("bash scripts/ppo.sh ", $"{Program} ppo "),
    ];

    /// <summary>Every command line, on one line each.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { RepositoryPaths.InRepository("README.md") }.Concat(Directory.EnumerateFiles(RepositoryPaths.InRepository("docs"), "*.md"))
            .SelectMany(page => Block().Matches(File.ReadAllText(page)))
            .SelectMany(block => Continued().Replace(block.Groups["commands"].Value, " ").Split('\n'))
            .Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#')).Distinct(),
    ];

    /// <summary>Those of <c>proxima</c>, as words behind its name.</summary>
    public static IReadOnlyList<string> OfProxima { get; } =
    [
        .. All.Select(line => Spellings.Aggregate(line, (text, spelling) =>
                text.StartsWith(spelling.Beginning, StringComparison.Ordinal) ? $"{spelling.Meaning}{text[spelling.Beginning.Length..]}" : text))
            .Where(line => line.StartsWith($"{Program} ", StringComparison.Ordinal) && !line.Contains('[', StringComparison.Ordinal))
            .Select(line => line[(Program.Length + 1)..]).Distinct(),
    ];

    /// <summary>The words of a command line; what is written to a file by the shell is left out.</summary>
    public static IReadOnlyList<string> Words(string line) =>
        [.. Word().Matches(line.Split(" > ")[0]).Select(match => match.Value.Trim('"'))];

    [GeneratedRegex(@"(?<!<!-- needs a (GPU|cluster) -->\n+)^```bash\n(?<commands>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex("\"[^\"]*\"|[^\\s\"]+")]
    private static partial Regex Word();
}
