using System.Text;

namespace Proxima.Core.Binding;

/// <summary>The list of a command's arguments, for the terminal and for the documentation.</summary>
public static class ArgumentHelp
{
    private const string Indent = "  ";

    /// <summary>All arguments by groups, in two columns: the name, then meaning, type and default.</summary>
    /// <param name="schema">the command's arguments</param>
    /// <param name="width">columns of the terminal</param>
    /// <param name="style">whether titles are set off by colour</param>
    public static string Text(ArgumentSchema schema, int width, HelpStyle style)
    {
        int nameWidth = schema.Arguments.Max(argument => argument.Name.Length) + "--".Length;
        StringBuilder text = new();
        foreach (ArgumentGroup group in schema.Groups)
        {
            text.Append('\n').Append(style.Title(group.Title)).Append('\n');
            foreach (ArgumentDefinition argument in group.Arguments)
            {
                AppendArgument(text, argument, nameWidth, width, style);
            }
        }

        return text.ToString();
    }

    /// <summary>The same as tables, one a group.</summary>
    public static string Markdown(ArgumentSchema schema)
    {
        StringBuilder text = new();
        foreach (ArgumentGroup group in schema.Groups)
        {
            text.Append("### ").Append(group.Title).Append("\n\n| argument | type | default | meaning |\n|---|---|---|---|\n");
            foreach (ArgumentDefinition argument in group.Arguments)
            {
                string[] cells = [$"`{argument.Name}`", Cell(TypeOf(argument)), Cell(argument.DefaultText), Cell(argument.Help)];
                text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendArgument(StringBuilder text, ArgumentDefinition argument, int nameWidth, int width, HelpStyle style)
    {
        int helpAt = Indent.Length + nameWidth + Indent.Length;
        int helpWidth = Math.Max(30, width - helpAt);
        string name = $"{Indent}--{argument.Name}".PadRight(helpAt);
        foreach (string line in TextWrap.Lines(argument.Help, helpWidth))
        {
            text.Append(name).Append(line).Append('\n');
            name = new string(' ', helpAt);
        }

        string defaultText = argument.IsRequired ? argument.DefaultText : $"default {argument.DefaultText}";
        foreach (string line in TextWrap.Lines($"[{TypeOf(argument)}; {defaultText}]", helpWidth))
        {
            text.Append(name).Append(style.Aside(line)).Append('\n');
        }
    }

    private static string TypeOf(ArgumentDefinition argument) =>
        argument.Bounds is null ? argument.Type.ShortName : $"{argument.Type.ShortName} {argument.Bounds}";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
