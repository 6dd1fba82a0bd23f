using System.Text.Json.Nodes;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Tests.Text;
using Proxima.TestSupport;
using Proxima.Text;
using Proxima.Text.Templates;

namespace Proxima.Tests.Data.Examples;

/// <summary>Tokenizers and chat templates of real models.</summary>
public sealed class RealModelEncodingTests
{
    [Fact]
    public void SmolLM2_prompts_are_the_golden_texts_and_ids()
    {
        DialogueEncoder encoder = DialogueEncoder.Load(TokenizerSources.SmolLm2Folder(), ReplyEnding.EndOfTurn);
        JsonNode golden = JsonNode.Parse(File.ReadAllText(RepositoryPaths.Shared("models", "smollm2-135m-instruct", "golden.json")))!;

        foreach (JsonNode? prompt in golden["prompts"]!.AsArray())
        {
            Dialogue dialogue = FromMessages(prompt!["messages"]!.AsArray());

            Assert.Equal(prompt["text"]!.GetValue<string>(), encoder.RenderPrompt(dialogue));
            Assert.Equal(prompt["token_ids"]!.AsArray().Select(id => id!.GetValue<int>()), encoder.EncodePrompt(dialogue, 8192).Ids);
        }
    }

    [Fact]
    public void SmolLM2_ends_its_turns_with_its_end_of_sequence()
    {
        DialogueEncoder encoder = DialogueEncoder.Load(TokenizerSources.SmolLm2Folder(), ReplyEnding.EndOfTurn);

        Assert.Equal(new EndOfTurn(2, "<|im_end|>"), encoder.EndOfTurn);
        Assert.Equal([2], encoder.StopIds);
    }

    [Theory]
    [InlineData("qwen2_5", "<|im_end|>", new[] { "Fine.<|im_end|>Bye!<|im_end|>" })]
    [InlineData("qwen3", "<|im_end|>", new[] { "<think>\n\n</think>\n\nFine.<|im_end|>", "<think>\n\n</think>\n\nBye!<|im_end|>" })]
    [InlineData("llama3", "<|eot_id|>", new[] { "Fine.<|eot_id|>Bye!<|eot_id|>" })]
    [InlineData("llama3_1", "<|eot_id|>", new[] { "Fine.<|eot_id|>Bye!<|eot_id|>" })]
    [InlineData("gemma3", "<end_of_turn>", new[] { "Fine.<end_of_turn>Bye!<end_of_turn>" })]
    [InlineData("deepseek_v3", "<｜end▁of▁sentence｜>", new[] { "Fine.<｜end▁of▁sentence｜>Bye!<｜end▁of▁sentence｜>" })]
    public void Real_templates_train_every_reply_with_its_end_of_turn_once(string name, string endOfTurn, string[] trained)
    {
        string folder = RepositoryPaths.Shared("goldens", "chat_templates", "templates");
        Tokenizer tokenizer = TokenizerSources.Load(name);
        DialogueEncoder encoder = DialogueEncoder.Create(tokenizer, LoadTemplate(folder, name), ReplyEnding.EndOfTurn);
        Dialogue dialogue = new() { Src = ["How are you?", "Good night"], Tgt = ["Fine.", "Bye!"] };

        EncodedExample[] examples = [.. encoder.Expand(dialogue).Select(example => encoder.EncodeExample(example, 1000))];

        Assert.Equal(endOfTurn, encoder.EndOfTurn!.Text);
        Assert.Equal(trained, examples.Select(example => TrainedText(tokenizer, example)));
        Dialogue last = dialogue with { Tgt = ["Fine."] };
        int[] prompt = encoder.EncodePrompt(last, 1000).Ids;
        Assert.Equal(prompt, examples[^1].Ids[..prompt.Length]);
        Assert.True(examples[^1].LossMask[prompt.Length]);
    }

    [Theory]
    [InlineData("qwen2_5")]
    [InlineData("qwen3")]
    [InlineData("llama3")]
    [InlineData("llama3_1")]
    [InlineData("gemma3")]
    [InlineData("deepseek_v3")]
    public void Of_the_golden_conversations_the_assistants_words_alone_are_trained(string name)
    {
        string folder = RepositoryPaths.Shared("goldens", "chat_templates");
        Tokenizer tokenizer = TokenizerSources.Load(name);
        DialogueEncoder encoder = DialogueEncoder.Create(tokenizer, LoadTemplate(Path.Combine(folder, "templates"), name), ReplyEnding.EndOfTurn);
        JsonArray all = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "conversations.json")))!.AsArray();
        string[] wanted = ["multi", "system_multi", "assistant_last", "chinese", "emoji_quotes", "spaces_newlines"];
        JsonArray[] conversations = [.. all.Where(c => wanted.Contains(c!["name"]!.GetValue<string>())).Select(c => c!["messages"]!.AsArray())];

        Assert.Equal(wanted.Length, conversations.Length);
        foreach (JsonArray messages in conversations)
        {
            Dialogue dialogue = FromMessages(messages);
            dialogue = dialogue with { Src = [.. dialogue.Src.Take(dialogue.Tgt.Count)] };
            EncodedExample[] examples = [.. encoder.Expand(dialogue).Select(example => encoder.EncodeExample(example, 1000))];
            string trained = string.Concat(examples.Select(example => TrainedText(tokenizer, example)));
            string[] replies = [.. trained.Split(encoder.EndOfTurn!.Text).Select(reply => reply.Replace("<think>\n\n</think>\n\n", "", StringComparison.Ordinal).Trim())];
            Assert.Equal([.. dialogue.Tgt.Select(reply => reply.Trim()), ""], replies);
        }
    }

    private static string TrainedText(Tokenizer tokenizer, EncodedExample example) =>
        tokenizer.DecodeWithSpecialTokens([.. example.Ids.Where((_, i) => example.LossMask[i])]);

    private static ChatTemplate LoadTemplate(string folder, string name)
    {
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")))!;
        Dictionary<string, string> tokens = manifest[name]!["special_tokens"]!.AsObject()
            .ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>());
        return ChatTemplate.Parse(File.ReadAllText(Path.Combine(folder, name + ".jinja")), new ChatTemplateOptions { SpecialTokens = tokens });
    }

    private static Dialogue FromMessages(JsonArray messages)
    {
        string[] Contents(string role) =>
            [.. messages.Where(message => message!["role"]!.GetValue<string>() == role).Select(message => message!["content"]!.GetValue<string>())];
        return new Dialogue { Src = Contents("user"), Tgt = Contents("assistant"), System = Contents("system").SingleOrDefault() };
    }
}
