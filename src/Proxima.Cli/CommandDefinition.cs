using Proxima.Core;

namespace Proxima.Cli;

/// <summary>One command of the command line.</summary>
/// <param name="Name">the word that calls it</param>
/// <param name="Usage">what may follow the word</param>
/// <param name="Summary">one line for <c>proxima --help</c></param>
/// <param name="Forms">the ways in which it is called</param>
/// <param name="Run">does it: the words behind the name → exit code</param>
internal sealed record CommandDefinition(
    string Name,
    string Usage,
    string Summary,
    IReadOnlyList<CommandForm> Forms,
    Func<IReadOnlyList<string>, CommandConsole, ExitCode> Run);
