using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.TestSupport;
using Proxima.Text;

namespace Proxima.Tests.Data.Examples;

/// <summary>The stories task with its own tokenizer; the ids are golden tokens of the reference.</summary>
public sealed class StoriesEncodingTests
{
    private readonly DialogueEncoder _encoder =
        DialogueEncoder.Create(Tokenizer.Load(RepositoryPaths.Shared("models", "stories260k")), null, ReplyEnding.None);

    [Fact]
    public void A_prompt_is_the_golden_encoding_of_its_text()
    {
        Dialogue dialogue = new() { Src = ["Once upon a time"], Tgt = [] };

        Assert.Equal([1, 403, 407, 261, 378], _encoder.EncodePrompt(dialogue, 100).Ids);
    }

    [Fact]
    public void Every_response_is_40_tokens_behind_its_prompt()
    {
        string path = RepositoryPaths.Shared("data", "stories_prompts", "preferences_val.jsonl");
        DialogueFile file = DialogueReader.Read(path, DialogueKind.Preference, InvalidLines.Refuse);

        foreach (Dialogue dialogue in file.Dialogues)
        {
            int[] prompt = _encoder.EncodePrompt(dialogue, 100).Ids;
            foreach (EncodedExample example in _encoder.EncodeResponses(dialogue, 100))
            {
                Assert.Equal(prompt, example.Ids[..prompt.Length]);
                Assert.Equal(prompt.Length + 40, example.Ids.Length);
                Assert.Equal(40, example.LossMask.Count(counts => counts));
            }
        }
    }
}
