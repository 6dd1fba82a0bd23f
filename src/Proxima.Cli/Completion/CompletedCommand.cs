using Proxima.Core.Binding;

namespace Proxima.Cli.Completion;

/// <summary>What a shell can complete behind a command.</summary>
/// <param name="Name">one word, or two as in <c>data check</c></param>
/// <param name="Arguments">its arguments</param>
internal sealed record CompletedCommand(string Name, IReadOnlyList<ArgumentDefinition> Arguments)
{
    private static readonly string[] Booleans = ["true", "false"];

    /// <summary>All forms of all commands.</summary>
    public static IReadOnlyList<CompletedCommand> Of(IEnumerable<CommandDefinition> commands) =>
    [
        .. commands.SelectMany(command => command.Forms.Select(form =>
            new CompletedCommand($"{command.Name} {form.Word}".TrimEnd(), form.Arguments?.Invoke().Arguments ?? []))),
    ];

    /// <summary>Name → the values to choose from, of all arguments that have some. One name has the same values in every command.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Values)> ValuesOf(IEnumerable<CompletedCommand> commands) =>
    [
        .. commands.SelectMany(command => command.Arguments)
            .DistinctBy(argument => argument.Name)
            .Select(argument => (argument.Name, Values: (IReadOnlyList<string>)Values(argument)))
            .Where(pair => pair.Values.Count > 0),
    ];

    /// <summary>The second words of a command, such as check and convert.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Words)> SecondWords(IEnumerable<CommandDefinition> commands) =>
    [
        .. commands.Select(command => (command.Name, Words: (IReadOnlyList<string>)[.. command.Forms.Select(form => form.Word).Where(word => word.Length > 0)]))
            .Where(pair => pair.Words.Count > 0),
    ];

    private static string[] Values(ArgumentDefinition argument) => argument.Type.ShortName == "true | false"
        ? Booleans
        : [.. argument.Type.Choices.Where(choice => choice.Length > 0)];
}
