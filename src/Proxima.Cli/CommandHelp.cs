using Proxima.Core.Binding;

namespace Proxima.Cli;

/// <summary>The help page of a command with arguments.</summary>
internal static class CommandHelp
{
    /// <summary>Whether a command line asks for help.</summary>
    public static bool IsAskedFor(IReadOnlyList<string> words) => words.Any(word => word is "--help" or "-h");

    /// <summary>Prints usage, introduction and all arguments; with --markdown among the words the tables of the documentation,
    /// with --schema the JSON Schema of config files.</summary>
    public static void Print(
        string command, string usage, string introduction, ArgumentSchema schema, IReadOnlyList<string> words, CommandConsole console)
    {
        console.Output.Write(words.Contains("--markdown") ? ArgumentHelp.Markdown(schema)
            : words.Contains("--schema") ? ConfigSchema.Text(schema, $"proxima {command}")
            : $"""
            {console.Style.Title("Usage:")} proxima {command} {usage}

            {string.Join('\n', TextWrap.Lines(introduction, console.Width))}
            {ArgumentHelp.Text(schema, console.Width, console.Style)}
            """);
    }
}
