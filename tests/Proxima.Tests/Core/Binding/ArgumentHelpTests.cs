using Proxima.Core.Binding;

namespace Proxima.Tests.Core.Binding;

public sealed class ArgumentHelpTests
{
    private static readonly ArgumentSchema Schema = ArgumentSchema.Of<SampleSettings>();

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    public void The_text_keeps_to_the_width_of_the_terminal(int width)
    {
        string[] lines = ArgumentHelp.Text(Schema, width, HelpStyle.Plain).Split('\n');

        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void The_text_lists_name_meaning_type_and_default_under_the_title_of_the_group()
    {
        string text = ArgumentHelp.Text(Schema, 100, HelpStyle.Plain);

        Assert.Contains("\nNumbers\n  --count_of_things  a count\n                     [int at least 1, or -1; default 3]\n", text, StringComparison.Ordinal);
        Assert.Contains("[core_attn | full_attn | full; default full]", text, StringComparison.Ordinal);
        Assert.Contains("[\"\" | stage1 | stage2 | stage3; default \"\"]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_titles_are_bold()
    {
        Assert.Contains("\u001b[1mTexts\u001b[0m", ArgumentHelp.Text(Schema, 100, HelpStyle.Terminal), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_is_one_table_a_group_with_bars_escaped()
    {
        string markdown = ArgumentHelp.Markdown(Schema);

        Assert.Contains("### Texts\n\n| argument | type | default | meaning |\n|---|---|---|---|\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| `do_it` | true \\| false | false | a switch |\n", markdown, StringComparison.Ordinal);
    }
}
