using System.Text.Encodings.Web;
using System.Text.Json;
using Proxima.Core.Runs;
using Proxima.Text;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// samples.jsonl.gz: the first sequences of each rollout with everything that an update learns from, one number a response token; and
/// the reference's answers to the first evaluation prompts, under step 0.
/// </summary>
/// <param name="path">the file</param>
/// <param name="samplesPerStep">log_samples_per_step; 0: nothing is written</param>
/// <param name="tokenizer">of the actor</param>
public sealed class SampleLog(string path, int samplesPerStep, Tokenizer tokenizer)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends samples of a step.</summary>
    public void Append(int step, Experience experience)
    {
        int count = Math.Min(samplesPerStep, experience.Sequences.Count);
        if (count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        (string Name, float[] Numbers)[] arrays =
        [
            ("log_probs", Rows(experience.LogProbs, count)),
            ("ref_log_probs", Rows(experience.RefLogProbs, count)),
            ("values", Rows(experience.Values, count)),
            ("advantages", Rows(experience.Advantages, count)),
        ];
        Write(count, (writer, row) =>
        {
            Sequence sequence = experience.Sequences[row];
            WriteAnswer(writer, step, "rollout", sequence, experience.Scores[row]);
            foreach ((string name, float[] numbers) in arrays)
            {
                WriteNumbers(writer, name, numbers.AsSpan(row * experience.Grid.Width, sequence.Response.Length));
            }
        });
    }

    /// <summary>Appends the reference's answers.</summary>
    /// <param name="answers">sequences that the reference sampled</param>
    /// <param name="scores">their scores</param>
    public void AppendReference(IReadOnlyList<Sequence> answers, IReadOnlyList<double> scores) => Write(answers.Count, (writer, row) =>
    {
        WriteAnswer(writer, 0, "reference", answers[row], scores[row]);
        WriteNumbers(writer, "ref_log_probs", answers[row].SamplerLogProbs);
    });

    private void Write(int count, Action<Utf8JsonWriter, int> writeRow)
    {
        using MemoryStream lines = new();
        for (int row = 0; row < count; row++)
        {
            using (Utf8JsonWriter writer = new(lines, Options))
            {
                writer.WriteStartObject();
                writeRow(writer, row);
                writer.WriteEndObject();
            }

            lines.WriteByte((byte)'\n');
        }

        GzipLines.Append(path, lines.GetBuffer().AsSpan(0, (int)lines.Length));
    }

    private void WriteAnswer(Utf8JsonWriter writer, int step, string kind, Sequence sequence, double score)
    {
        writer.WriteNumber("step", step);
        writer.WriteString("kind", kind);
        writer.WriteNumber("index", sequence.Index);
        writer.WriteString("prompt", tokenizer.Decode(sequence.Prompt));
        writer.WriteString("response", tokenizer.Decode(sequence.Response));
        writer.WriteNumber("score", score);
        writer.WriteBoolean("finished", sequence.Finished);
        WriteIds(writer, "prompt_ids", sequence.Prompt);
        WriteIds(writer, "response_ids", sequence.Response);
        WritePieces(writer, sequence.Response);
    }

    /// <summary>What each response token adds to the text, special tokens shown: a character that is split over tokens stands with its last one.</summary>
    private void WritePieces(Utf8JsonWriter writer, int[] ids)
    {
        StreamingDecoder decoder = tokenizer.NewStreamingDecoder(SpecialTokenDisplay.Show);
        writer.WriteStartArray("response_pieces");
        for (int i = 0; i < ids.Length; i++)
        {
            string piece = decoder.Push(ids[i]) ?? "";
            writer.WriteStringValue(i == ids.Length - 1 ? piece + decoder.Finish() : piece);
        }

        writer.WriteEndArray();
    }

    private static void WriteIds(Utf8JsonWriter writer, string name, int[] ids)
    {
        writer.WriteStartArray(name);
        foreach (int id in ids)
        {
            writer.WriteNumberValue(id);
        }

        writer.WriteEndArray();
    }

    /// <summary>A number that is not finite is null: JSON has none.</summary>
    private static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<float> numbers)
    {
        writer.WriteStartArray(name);
        foreach (float number in numbers)
        {
            if (float.IsFinite(number))
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
    }

    /// <returns>the first rows of a [B, R] grid, one after the other</returns>
    private static float[] Rows(Tensor grid, int count) => grid.narrow(0, 0, count).cpu().contiguous().data<float>().ToArray();
}
