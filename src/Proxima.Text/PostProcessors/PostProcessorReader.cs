using Proxima.Text.Models;
using Proxima.Text.Reading;

namespace Proxima.Text.PostProcessors;

/// <summary>Makes post-processors from the "post_processor" entry of a tokenizer.json.</summary>
internal static class PostProcessorReader
{
    /// <summary>The steps that add ids, in order; none without the entry.</summary>
    public static List<IPostProcessor> Read(JsonField? entry)
    {
        var steps = new List<IPostProcessor>();
        if (entry is JsonField field)
        {
            Add(field, steps);
        }

        return steps;
    }

    private static void Add(JsonField entry, List<IPostProcessor> steps)
    {
        string type = entry.Text("type");
        switch (type)
        {
            case "Sequence":
                foreach (JsonField step in entry.Field("processors").Items())
                {
                    Add(step, steps);
                }

                break;
            case "ByteLevel":
                break; // Only moves character offsets, which nothing here asks for.
            case "TemplateProcessing":
                steps.Add(Template(entry));
                break;
            case "BertProcessing" or "RobertaProcessing":
                steps.Add(new TemplatePostProcessor(
                    [[PairedId(entry.Field("cls"))], null, [PairedId(entry.Field("sep"))]]));
                break;
            default:
                throw ComponentFields.Unknown(entry, "post-processor", type);
        }
    }

    private static TemplatePostProcessor Template(JsonField entry)
    {
        var parts = new List<int[]?>();
        foreach (JsonField piece in entry.Field("single").Items())
        {
            if (piece.Optional("SpecialToken") is JsonField special)
            {
                JsonField token = entry.Field("special_tokens").Field(special.Text("id"));
                parts.Add([.. token.Field("ids").Items().Select(id => id.Count(Vocabulary.MaxId))]);
            }
            else if (piece.Optional("Sequence") is JsonField sequence && sequence.Text("id") == "A")
            {
                parts.Add(null);
            }
            else
            {
                throw piece.Expected("{\"SpecialToken\": …} or {\"Sequence\": {\"id\": \"A\"}}");
            }
        }

        return new TemplatePostProcessor(parts);
    }

    /// <summary>The id of a ["token", id] pair.</summary>
    private static int PairedId(JsonField pair) =>
        pair.Items().ToArray() is [_, var id] ? id.Count(Vocabulary.MaxId) : throw pair.Expected("[token, id]");
}
