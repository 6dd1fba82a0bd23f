using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Text.Templates;

namespace Proxima.Tests.Data.Examples;

public sealed class TemplateDialogueEncoderTests
{
    private const string Chat =
        "{% for m in messages %}{{ '<|start|>' ~ m.role ~ '\n' ~ m.content ~ '<|end|>\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|start|>assistant\n' }}{% endif %}";

    // The last reply gets a line of its own that history does not show, as Qwen3's empty thoughts.
    private const string Thinking =
        "{% for m in messages %}{{ '<|start|>' ~ m.role ~ '\n' }}{% if m.role == 'assistant' and loop.last %}{{ '(thought)\n' }}{% endif %}"
        + "{{ m.content ~ '<|end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|start|>assistant\n' }}{% endif %}";

    private const string WithSpans =
        "{% for m in messages %}{{ '<|start|>' ~ m.role ~ '\n' }}{% if m.role == 'assistant' %}"
        + "{% generation %}{{ m.content ~ '<|end|>' }}{% endgeneration %}{% else %}{{ m.content ~ '<|end|>' }}{% endif %}{{ '\n' }}{% endfor %}";

    [Fact]
    public void A_prompt_is_what_the_template_writes_with_no_special_tokens_added()
    {
        Dialogue dialogue = Prompt(["a", "c"], "b") with { System = "S" };
        const string Expected = "<|start|>system\nS<|end|>\n<|start|>user\na<|end|>\n<|start|>assistant\nb<|end|>\n<|start|>user\nc<|end|>\n<|start|>assistant\n";

        Assert.Equal(Expected, Encoder(Chat).RenderPrompt(dialogue));
        Assert.Equal(ByteTokenizer.Ids(Expected), Encoder(Chat).EncodePrompt(dialogue, 200).Ids);
    }

    [Fact]
    public void The_end_of_turn_is_found_and_stops_a_response_beside_the_end_of_sequence()
    {
        DialogueEncoder encoder = Encoder(Chat);

        Assert.Equal(new EndOfTurn(ByteTokenizer.FirstMark + 1, "<|end|>"), encoder.EndOfTurn);
        Assert.Equal([ByteTokenizer.Eos, ByteTokenizer.FirstMark + 1], encoder.StopIds);
        Assert.Empty(encoder.Notes);
    }

    [Fact]
    public void Older_exchanges_are_dropped_whole_and_the_system_message_stays()
    {
        Dialogue dialogue = Prompt(["aaaa", "cc", "e"], "bbbb", "dd") with { System = "S" };
        const string Kept = "<|start|>system\nS<|end|>\n<|start|>user\ncc<|end|>\n<|start|>assistant\ndd<|end|>\n<|start|>user\ne<|end|>\n<|start|>assistant\n";
        int length = ByteTokenizer.Ids(Kept).Length;

        EncodedPrompt prompt = Encoder(Chat).EncodePrompt(dialogue, length);

        Assert.Equal(ByteTokenizer.Ids(Kept), prompt.Ids);
        Assert.Equal(1, prompt.DroppedTurns);
        Assert.Equal(2, Encoder(Chat).EncodePrompt(dialogue, length - 1).DroppedTurns);
    }

    [Fact]
    public void A_last_turn_that_is_too_long_keeps_its_end_inside_the_template_and_splits_no_tag()
    {
        EncodedPrompt prompt = Encoder(Chat).EncodePrompt(Prompt(["x[<search-res>]ab"]), ByteTokenizer.Ids("<|start|>user\n0123456789abcd<|end|>\n<|start|>assistant\n").Length);

        Assert.Equal(ByteTokenizer.Ids("<|start|>user\nab<|end|>\n<|start|>assistant\n"), prompt.Ids);
        Assert.True(prompt.LastTurnCut);
    }

    [Fact]
    public void All_replies_are_trained_in_one_example_when_renderings_are_prefixes_of_each_other()
    {
        DialogueEncoder encoder = Encoder(Chat);
        Dialogue dialogue = Supervised(["a", "c"], "b", "dd");

        EncodedExample example = encoder.EncodeExample(Assert.Single(encoder.Expand(dialogue)), 200);

        AssertExample(
            example,
            ("<|start|>user\na<|end|>\n<|start|>assistant\n", false),
            ("b<|end|>", true),
            ("\n<|start|>user\nc<|end|>\n<|start|>assistant\n", false),
            ("dd<|end|>", true));
        Assert.Empty(encoder.Notes);
    }

    [Fact]
    public void Without_an_end_of_reply_neither_the_end_of_turn_nor_what_follows_is_trained()
    {
        EncodedExample example = Encoder(Chat, ReplyEnding.None).EncodeExample(Supervised(["a", "c"], "b", "dd"), 200);

        AssertExample(
            example,
            ("<|start|>user\na<|end|>\n<|start|>assistant\n", false),
            ("b", true),
            ("<|end|>\n<|start|>user\nc<|end|>\n<|start|>assistant\n", false),
            ("dd", true));
    }

    [Fact]
    public void Generation_blocks_tell_where_replies_stand()
    {
        DialogueEncoder encoder = Encoder(WithSpans);
        Dialogue dialogue = Supervised(["😀", "c"], "你", "dd");

        EncodedExample example = encoder.EncodeExample(Assert.Single(encoder.Expand(dialogue)), 200);

        AssertExample(
            example,
            ("<|start|>user\n😀<|end|>\n<|start|>assistant\n", false),
            ("你<|end|>", true),
            ("\n<|start|>user\nc<|end|>\n<|start|>assistant\n", false),
            ("dd<|end|>", true));
        Assert.Empty(encoder.Notes);
    }

    [Fact]
    public void Generation_blocks_that_leave_out_the_end_of_turn_are_honoured_and_noted()
    {
        string template = WithSpans.Replace(
            "{{ m.content ~ '<|end|>' }}{% endgeneration %}",
            "{{ m.content }}{% endgeneration %}{{ '<|end|>' }}",
            StringComparison.Ordinal);
        DialogueEncoder encoder = Encoder(template);

        EncodedExample example = encoder.EncodeExample(Supervised(["a"], "b"), 200);

        AssertExample(example, ("<|start|>user\na<|end|>\n<|start|>assistant\n", false), ("b", true));
        Assert.Contains("generation", Assert.Single(encoder.Notes));
    }

    [Fact]
    public void A_rendering_that_later_turns_change_gives_one_example_a_reply_said_once()
    {
        DialogueEncoder encoder = Encoder(Thinking);
        Dialogue dialogue = Supervised(["a", "c"], "b", "d");

        IReadOnlyList<Dialogue> examples = encoder.Expand(dialogue);
        encoder.Expand(dialogue);

        Assert.Equal(2, examples.Count);
        AssertExample(
            encoder.EncodeExample(examples[0], 200),
            ("<|start|>user\na<|end|>\n<|start|>assistant\n", false),
            ("(thought)\nb<|end|>", true));
        AssertExample(
            encoder.EncodeExample(examples[1], 200),
            ("<|start|>user\na<|end|>\n<|start|>assistant\nb<|end|>\n<|start|>user\nc<|end|>\n<|start|>assistant\n", false),
            ("(thought)\nd<|end|>", true));
        Assert.Contains("one example for each reply", Assert.Single(encoder.Notes));
    }

    [Fact]
    public void Every_reply_is_trained_exactly_once_even_when_only_some_renderings_are_prefixes()
    {
        // The first two replies could be trained together, the third changes how the second is written.
        const string Template =
            "{% for m in messages %}{{ '<|start|>' ~ m.role ~ '\n' }}{% if m.role == 'assistant' and 'T' in m.content and not loop.last %}short"
            + "{% else %}{{ m.content }}{% endif %}{{ '<|end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|start|>assistant\n' }}{% endif %}";
        DialogueEncoder encoder = Encoder(Template);

        IReadOnlyList<Dialogue> examples = encoder.Expand(Supervised(["a", "b", "c"], "one", "T two", "three"));

        string[] trained = [.. examples.Select(example => encoder.EncodeExample(example, 400)).Select(TrainedText)];
        Assert.Equal(["one<|end|>", "T two<|end|>", "three<|end|>"], trained);
    }

    [Fact]
    public void A_template_that_always_ends_with_the_reply_header_still_gives_one_example()
    {
        const string Template =
            "{% for m in messages %}{{ '<|start|>' ~ m.role ~ '\n' ~ m.content ~ '<|end|>' }}{% endfor %}{{ '<|start|>assistant\n' }}";
        DialogueEncoder encoder = Encoder(Template);

        EncodedExample example = encoder.EncodeExample(Assert.Single(encoder.Expand(Supervised(["a", "c"], "b", "d"))), 200);

        AssertExample(
            example,
            ("<|start|>user\na<|end|><|start|>assistant\n", false),
            ("b<|end|>", true),
            ("<|start|>user\nc<|end|><|start|>assistant\n", false),
            ("d<|end|>", true));
    }

    [Fact]
    public void A_template_that_does_not_tell_where_the_reply_stands_is_refused()
    {
        const string Template =
            "{% if add_generation_prompt %}open {% else %}closed {% endif %}{% for m in messages %}{{ m.content ~ '<|end|>' }}{% endfor %}";
        Dialogue dialogue = Supervised(["a"], "b") with { Origin = new SourceLine("x.jsonl", 3) };

        ProximaException error = Assert.Throws<ProximaException>(() => Encoder(Template).EncodeExample(dialogue, 200));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith("x.jsonl:3: ", error.Message);
        Assert.Contains("generation", error.Message);
    }

    [Fact]
    public void A_dialogue_that_the_template_refuses_is_a_data_error_with_the_templates_words()
    {
        const string Template = "{% if messages[0].role == 'system' %}{{ raise_exception('No system role') }}{% endif %}x";
        Dialogue dialogue = Prompt(["a"]) with { System = "S", Origin = new SourceLine("x.jsonl", 3) };

        ProximaException error = Assert.Throws<ProximaException>(() => Encoder(Template).EncodePrompt(dialogue, 200));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith("x.jsonl:3: ", error.Message);
        Assert.Contains("No system role", error.Message);
    }

    [Fact]
    public void A_template_without_an_end_of_turn_gets_the_end_of_sequence_behind_the_last_reply()
    {
        const string Template = "{% for m in messages %}{{ m.role ~ ':' ~ m.content ~ '\n' }}{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
        DialogueEncoder encoder = Encoder(Template);

        EncodedExample example = encoder.EncodeExample(Supervised(["a"], "b"), 200);

        Assert.Null(encoder.EndOfTurn);
        Assert.Equal([.. ByteTokenizer.Ids("user:a\nassistant:b\n"), ByteTokenizer.Eos], example.Ids);
        Assert.Equal(3, example.LossMask.Count(counts => counts));
    }

    [Fact]
    public void Responses_follow_the_generation_prompt_and_get_the_end_of_turn()
    {
        Dialogue dialogue = Prompt(["q"]) with { Response = ["x", "yy"], Sort = [1, 0] };

        IReadOnlyList<EncodedExample> examples = Encoder(Chat).EncodeResponses(dialogue, 200);

        AssertExample(examples[0], ("<|start|>user\nq<|end|>\n<|start|>assistant\n", false), ("x<|end|>", true));
        AssertExample(examples[1], ("<|start|>user\nq<|end|>\n<|start|>assistant\n", false), ("yy<|end|>", true));
    }

    [Fact]
    public void An_example_that_is_too_long_drops_its_oldest_exchanges()
    {
        const string Kept = "<|start|>user\nc<|end|>\n<|start|>assistant\nd<|end|>";

        EncodedExample example = Encoder(Chat).EncodeExample(Supervised(["a", "c"], "b", "d"), ByteTokenizer.Ids(Kept).Length);

        AssertExample(example, ("<|start|>user\nc<|end|>\n<|start|>assistant\n", false), ("d<|end|>", true));
        Assert.Equal(1, example.DroppedTurns);
    }

    [Fact]
    public void A_last_exchange_that_is_too_long_keeps_the_end_of_its_turn_and_the_beginning_of_its_reply()
    {
        int frame = ByteTokenizer.Ids("<|start|>user\n<|end|>\n<|start|>assistant\n").Length;

        EncodedExample example = Encoder(Chat).EncodeExample(Supervised(["0123456789"], new string('r', 40)), 2 * (frame + 4));

        AssertExample(example, ("<|start|>user\n6789<|end|>\n<|start|>assistant\n", false), (new string('r', frame + 4), true));
        Assert.True(example.LastTurnCut);
        Assert.True(example.ReplyCut);
    }

    [Fact]
    public void A_model_folder_gives_its_tokenizer_and_its_template()
    {
        using TemporaryFolder folder = new();
        ByteTokenizer.Write(folder, """{"bos_token": "<s>", "eos_token": "</s>", "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}"}""");

        DialogueEncoder encoder = DialogueEncoder.Load(folder.Root, ReplyEnding.EndOfTurn);

        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("hi"), ByteTokenizer.Eos], encoder.EncodePrompt(Prompt(["hi"]), 20).Ids);
    }

    internal static DialogueEncoder Encoder(string template, ReplyEnding ending = ReplyEnding.EndOfTurn) =>
        DialogueEncoder.Create(ByteTokenizer.Create(), ChatTemplate.Parse(template), ending);

    private static Dialogue Prompt(string[] src, params string[] tgt) => new() { Src = src, Tgt = tgt };

    private static Dialogue Supervised(string[] src, params string[] tgt) => new() { Src = src, Tgt = tgt };

    private static string TrainedText(EncodedExample example)
    {
        int[] trained = [.. example.Ids.Where((_, i) => example.LossMask[i])];
        return ByteTokenizer.Create().DecodeWithSpecialTokens(trained);
    }

    private static void AssertExample(EncodedExample example, params (string Text, bool IsTrained)[] pieces)
    {
        Assert.Equal(pieces.SelectMany(piece => ByteTokenizer.Ids(piece.Text)), example.Ids);
        Assert.Equal(pieces.SelectMany(piece => ByteTokenizer.Ids(piece.Text).Select(_ => piece.IsTrained)), example.LossMask);
    }
}
