using Proxima.Core;
using Proxima.Core.Binding;

namespace Proxima.Cli;

/// <summary>Finds the command that was called, and turns exceptions into messages and exit codes.</summary>
internal static class CommandDispatcher
{
    private static IReadOnlyList<CommandDefinition> Commands { get; } = [PpoCommand.Definition, DoctorCommand.Definition];

    /// <summary>Runs a whole command line.</summary>
    public static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        try
        {
            return Dispatch(words, console);
        }
        catch (ProximaException exception)
        {
            console.Error.WriteLine($"error: {exception.Message}");
            return exception.ExitCode;
        }
#pragma warning disable CA1031 // The last place to report a mistake of the program itself: with its stack trace.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            console.Error.WriteLine($"internal error: {exception}");
            return ExitCode.Internal;
        }
    }

    private static ExitCode Dispatch(IReadOnlyList<string> words, CommandConsole console)
    {
        if (words.Count == 0)
        {
            console.Error.Write(Help(console));
            return ExitCode.Usage;
        }

        switch (words[0])
        {
            case "--help" or "-h" or "help":
                console.Output.Write(Help(console));
                return ExitCode.Done;
            case "--version":
                console.Output.WriteLine($"proxima {ProductVersion.Text}");
                return ExitCode.Done;
        }

        CommandDefinition command = Commands.FirstOrDefault(command => command.Name == words[0]) ?? throw Unknown(words[0]);
        return command.Run([.. words.Skip(1)], console);
    }

    private static string Help(CommandConsole console)
    {
        int nameWidth = Commands.Max(command => command.Name.Length + 1 + command.Usage.Length);
        IEnumerable<string> lines = Commands.Select(command => $"  {$"{command.Name} {command.Usage}".PadRight(nameWidth)}  {command.Summary}");
        return $"""
            {console.Style.Title($"proxima {ProductVersion.Text}")}: trains language models with PPO from feedback.

            Usage: proxima COMMAND ...

            {console.Style.Title("Commands")}
            {string.Join('\n', lines)}

            proxima COMMAND --help tells more; proxima --version prints the version.

            """;
    }

    private static ProximaException Unknown(string word)
    {
        string[] names = [.. Commands.Select(command => command.Name)];
        return new ProximaException(
            ExitCode.Usage,
            $"'{word}' is no command. The nearest is {NearestName.Of(word, names)}; there are {string.Join(", ", names)}. See proxima --help.");
    }
}
