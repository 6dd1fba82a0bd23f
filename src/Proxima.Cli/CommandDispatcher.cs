using Proxima.Cli.Answers;
using Proxima.Cli.Comparing;
using Proxima.Cli.Completion;
using Proxima.Cli.DataCommands;
using Proxima.Cli.Doctor;
using Proxima.Cli.Runs;
using Proxima.Cli.Starting;
using Proxima.Cli.Watching;
using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Training.Rewards;

namespace Proxima.Cli;

/// <summary>Finds the command that was called, and turns exceptions into messages and exit codes.</summary>
internal static class CommandDispatcher
{
    /// <summary>Runs a whole command line.</summary>
    /// <param name="words">the words behind the program's name</param>
    /// <param name="console">where it prints</param>
    /// <param name="rewardFunctions">the user's own reward functions</param>
    public static ExitCode Run(
        IReadOnlyList<string> words, CommandConsole console, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions)
    {
        try
        {
            CommandDefinition[] commands =
            [
                PpoCommand.Define(rewardFunctions), StageCommands.Sft, StageCommands.Reward, GenerateCommand.Definition,
                EvalCommand.Define(rewardFunctions), DataCommand.Definition,
                DashboardCommand.Definition, CompareCommand.Define(rewardFunctions), InitCommand.Definition, ImportConfigCommand.Definition, DoctorCommand.Definition,
            ];
            return Dispatch([.. commands, CompletionCommand.Define(commands)], words, console);
        }
#pragma warning disable CA1031 // The last place to report a mistake of the program itself: with its stack trace.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            RankedRun.LetTheFirstSpeak();
            return ErrorReport.Write(exception, console);
        }
    }

    private static ExitCode Dispatch(CommandDefinition[] commands, IReadOnlyList<string> words, CommandConsole console)
    {
        if (words.Count == 0)
        {
            console.Error.Write(Help(commands, console));
            return ExitCode.Usage;
        }

        switch (words[0])
        {
            case "--help" or "-h" or "help":
                console.Output.Write(Help(commands, console));
                return ExitCode.Done;
            case "--version":
                console.Output.WriteLine($"proxima {ProductVersion.Text}");
                return ExitCode.Done;
        }

        CommandDefinition command = commands.FirstOrDefault(command => command.Name == words[0]) ?? throw Unknown(commands, words[0]);
        return command.Run([.. words.Skip(1)], console);
    }

    private static string Help(CommandDefinition[] commands, CommandConsole console)
    {
        int nameWidth = commands.Max(command => command.Name.Length + 1 + command.Usage.Length);
        IEnumerable<string> lines = commands.Select(command => $"  {$"{command.Name} {command.Usage}".PadRight(nameWidth)}  {command.Summary}");
        return $"""
            {console.Style.Title($"proxima {ProductVersion.Text}")}: trains language models with PPO from feedback.

            Usage: proxima COMMAND ...

            {console.Style.Title("Commands")}
            {string.Join('\n', lines)}

            proxima COMMAND --help tells more; proxima --version prints the version.

            """;
    }

    private static ProximaException Unknown(CommandDefinition[] commands, string word)
    {
        string[] names = [.. commands.Select(command => command.Name)];
        return new ProximaException(
            ExitCode.Usage,
            $"'{word}' is no command. The nearest is {NearestName.Of(word, names)}; there are {string.Join(", ", names)}. See proxima --help.");
    }
}
