using Proxima.Core;

namespace Proxima.Cli.Completion;

/// <summary><c>proxima completion bash|zsh|fish</c>: a script that teaches a shell the commands and their arguments.</summary>
internal static class CompletionCommand
{
    private const string Usage = "bash|zsh|fish";

    /// <summary>The command.</summary>
    /// <param name="commands">the other commands</param>
    public static CommandDefinition Define(IReadOnlyList<CommandDefinition> commands)
    {
        CommandDefinition? self = null;
        return self = new CommandDefinition(
            "completion",
            Usage,
            "prints a script that completes commands and arguments in a shell",
            [new CommandForm("bash", null), new CommandForm("zsh", null), new CommandForm("fish", null)],
            (words, console) => Run([.. commands, self!], words, console));
    }

    private static ExitCode Run(IReadOnlyList<CommandDefinition> commands, IReadOnlyList<string> words, CommandConsole console)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            console.Output.WriteLine($"Usage: proxima completion {Usage}\n\nPrints a script for the shell; its first lines tell where to put it.");
            return ExitCode.Done;
        }

        console.Output.Write(words switch
        {
            ["bash"] => BashCompletion.Script(commands),
            ["zsh"] => ZshCompletion.Script(commands),
            ["fish"] => FishCompletion.Script(commands),
            _ => throw new ProximaException(ExitCode.Usage, $"completion does not know '{string.Join(' ', words)}'. Run: proxima completion {Usage}"),
        });
        return ExitCode.Done;
    }
}
