using System.Text.Json.Nodes;
using Proxima.Core;
using Proxima.Tests.Data;
using Proxima.Text.Templates;

namespace Proxima.Tests.Text.Templates;

public sealed class ChatTemplateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_without_a_template_gives_none()
    {
        Assert.Null(ChatTemplate.Load(_folder.Root));

        _folder.Write("tokenizer_config.json", """{"bos_token": "<s>", "chat_template": null}""");

        Assert.Null(ChatTemplate.Load(_folder.Root));
    }

    [Fact]
    public void The_template_and_the_special_tokens_come_from_the_tokenizers_configuration()
    {
        _folder.Write("special_tokens_map.json", """{"bos_token": "old", "pad_token": {"content": "<pad>"}}""");
        _folder.Write("tokenizer_config.json", """{"bos_token": {"content": "<s>"}, "eos_token": "</s>", "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ pad_token }}[{{ unk_token }}]"}""");

        Assert.Equal("<s>hi</s><pad>[]", Render(ChatTemplate.Load(_folder.Root)!));
    }

    [Fact]
    public void Of_several_named_templates_the_default_is_taken()
    {
        _folder.Write("tokenizer_config.json", """{"chat_template": [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "plain"}]}""");

        Assert.Equal("plain", Render(ChatTemplate.Load(_folder.Root)!));
    }

    [Fact]
    public void A_template_file_wins_over_the_configuration()
    {
        _folder.Write("tokenizer_config.json", """{"bos_token": "<s>", "chat_template": "config"}""");
        _folder.Write("chat_template.jinja", "file {{ bos_token }}\n");

        Assert.Equal("file <s>", Render(ChatTemplate.Load(_folder.Root)!));
    }

    [Theory]
    [InlineData("{\"chat_template\": \"{% if %}\"}", "not a chat template")]
    [InlineData("{\"chat_template\": 3}", "neither a string nor a list")]
    [InlineData("{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}", "without a template named \"default\"")]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    public void A_wrong_configuration_is_a_data_error_that_names_the_file(string config, string reason)
    {
        string path = _folder.Write("tokenizer_config.json", config);

        ProximaException error = Assert.Throws<ProximaException>(() => ChatTemplate.Load(_folder.Root));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void A_wrong_template_file_is_a_data_error_that_names_it()
    {
        string path = _folder.Write("chat_template.jinja", "{% endfor %}");

        ProximaException error = Assert.Throws<ProximaException>(() => ChatTemplate.Load(_folder.Root));

        Assert.StartsWith(path, error.Message);
    }

    [Fact]
    public void Variables_win_over_everything_and_nulls_are_kept()
    {
        ChatTemplate template = ChatTemplate.Parse("{{ tools is none }}{{ messages[0].content is none }}{{ add_generation_prompt }}{{ extra }}");
        ChatTemplateInput input = new()
        {
            Messages = [new JsonObject { ["role"] = "assistant", ["content"] = null }],
            Variables = new JsonObject { ["extra"] = 1.0, ["add_generation_prompt"] = "mine" },
        };

        Assert.Equal("TrueTruemine1.0", template.Render(input).Text);
        Assert.Equal("TrueTruemine1.0", template.Render(input).Text);
    }

    [Theory]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{{ 'x' * 10 ** 9 }}", "characters")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "calls")]
    public void A_template_that_takes_too_much_is_stopped(string template, string limit)
    {
        TemplateException error = TemplateRun.Fails(template);

        Assert.Equal(TemplateErrorKind.Budget, error.Kind);
        Assert.Contains(limit, error.Message);
    }

    [Fact]
    public void The_budget_begins_anew_with_every_rendering()
    {
        ChatTemplateOptions options = new() { Budget = new TemplateBudget { MaxSteps = 1000 } };
        ChatTemplate template = ChatTemplate.Parse("{% for i in range(100) %}{{ i }}{% endfor %}", options);

        for (int i = 0; i < 20; i++)
        {
            Assert.StartsWith("0123", template.RenderVariables([]).Text);
        }
    }

    [Fact]
    public void A_long_chat_is_within_the_budget()
    {
        JsonArray messages = [];
        for (int i = 0; i < 2000; i++)
        {
            messages.Add(new JsonObject { ["role"] = i % 2 == 0 ? "user" : "assistant", ["content"] = new string('x', 1000) });
        }

        ChatTemplate template = ChatTemplate.Parse("{% for m in messages %}{{ '<' + m.role + '>' + m.content|trim + '</>' }}{% endfor %}");

        Assert.Equal((2000 * 1005) + (1000 * 4) + (1000 * 9), template.Render(new ChatTemplateInput { Messages = messages }).Text.Length);
    }

    [Fact]
    public void Spans_of_a_block_whose_text_is_moved_are_not_exact()
    {
        RenderedChat inPlace = TemplateRun.Render("ab{% generation %}c{% endgeneration %}", []);
        RenderedChat moved = TemplateRun.Render("{% set x %}{% generation %}c{% endgeneration %}{% endset %}ab{{ x }}", []);

        Assert.Equal([new GenerationSpan(2, 3)], inPlace.GenerationSpans);
        Assert.True(inPlace.SpansAreExact);
        Assert.False(moved.SpansAreExact);
    }

    [Fact]
    public void A_syntax_error_names_its_line()
    {
        TemplateException error = TemplateRun.Fails("a\nb\n{{ 1 + }}");

        Assert.Equal(TemplateErrorKind.Syntax, error.Kind);
        Assert.StartsWith("line 3:", error.Message);
    }

    [Fact]
    public void One_template_can_be_rendered_by_many_threads()
    {
        ChatTemplate template = ChatTemplate.Parse("{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}");

        Parallel.For(0, 200, i =>
        {
            JsonArray messages = [.. Enumerable.Range(0, i).Select(_ => new JsonObject())];
            Assert.Equal(i.ToString(System.Globalization.CultureInfo.InvariantCulture), template.Render(new ChatTemplateInput { Messages = messages }).Text);
        });
    }

    private static string Render(ChatTemplate template) => template.Render(new ChatTemplateInput
    {
        Messages = [new JsonObject { ["role"] = "user", ["content"] = "hi" }],
    }).Text;
}
