using Proxima.Core.Binding;

namespace Proxima.Cli.Completion;

/// <summary>The completion of fish.</summary>
internal static class FishCompletion
{
    /// <summary>The script to be sourced.</summary>
    public static string Script(IReadOnlyList<CommandDefinition> commands)
    {
        Dictionary<string, IReadOnlyList<string>> values = CompletedCommand.ValuesOf(CompletedCommand.Of(commands)).ToDictionary(pair => pair.Name, pair => pair.Values);
        IEnumerable<string> first = commands.Select(command => $"complete -c proxima -f -n __fish_use_subcommand -a {command.Name} -d {Quoted(command.Summary)}");
        IEnumerable<string> second = CompletedCommand.SecondWords(commands).Select(pair =>
            $"complete -c proxima -f -n '__fish_seen_subcommand_from {pair.Name}; and not __fish_seen_subcommand_from {string.Join(' ', pair.Words)}' -a '{string.Join(' ', pair.Words)}'");
        IEnumerable<string> arguments = CompletedCommand.Of(commands).SelectMany(command => command.Arguments.Select(argument => Line(command.Name, argument, values)));
        return $"""
            # Completion of proxima for fish. In every shell: proxima completion fish > ~/.config/fish/completions/proxima.fish
            {string.Join('\n', first.Concat(second).Concat(arguments))}

            """;
    }

    private static string Line(string command, ArgumentDefinition argument, Dictionary<string, IReadOnlyList<string>> values)
    {
        string when = string.Join("; and ", command.Split(' ').Select(word => $"__fish_seen_subcommand_from {word}"));
        string takes = values.TryGetValue(argument.Name, out IReadOnlyList<string>? choices) ? $"-x -a '{string.Join(' ', choices)}'" : "-r";
        return $"complete -c proxima -n '{when}' -l {argument.Name} {takes} -d {Quoted(argument.Help)}";
    }

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
