using System.Text.Encodings.Web;
using System.Text.Json;
using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Generation;
using Proxima.Training;

namespace Proxima.Cli.Answers;

/// <summary>Answers a list of prompts: as JSON lines, or as text to read.</summary>
internal sealed class AnswerList(ModelText model, GenerationEngines engines, GenerateCommandSettings settings, CommandConsole console, CancellationToken stop)
{
    /// <summary>The output_file that means standard output.</summary>
    public const string StandardOutput = "-";

    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers all prompts and writes the answers where the settings say.</summary>
    /// <exception cref="ProximaException">the file cannot be written</exception>
    /// <exception cref="OperationCanceledException">a stop was asked for; a file is left as it was</exception>
    public void Write(IReadOnlyList<Dialogue> dialogues)
    {
        Prompt[] prompts = [.. dialogues.Select(model.EncodePrompt)];
        switch (settings.Generate.OutputFile)
        {
            case null when prompts.Length == 1 && model.Sampling.NumReturnSequences == 1:
                SpokenAnswer.Write(engines, RolloutWorker.Options(model.Sampling, model.Ends) with { Stop = stop }, prompts[0].Ids, Stream(0), model.Tokenizer, console.Output);
                stop.ThrowIfCancellationRequested();
                break;
            case null:
                WriteText(prompts);
                break;
            case StandardOutput:
                foreach (byte[] line in Lines(prompts))
                {
                    console.Output.Write(System.Text.Encoding.UTF8.GetString(line));
                    console.Output.Flush();
                }

                break;
            case { } path:
                OutputFiles.Write("output_file", path, file =>
                {
                    foreach (byte[] line in Lines(prompts))
                    {
                        file.Write(line);
                    }
                });
                break;
        }
    }

    private void WriteText(Prompt[] prompts)
    {
        foreach (Sequence[] answers in Answers(prompts))
        {
            console.Output.WriteLine($"> {answers[0].Dialogue.Src[^1]}");
            foreach (Sequence answer in answers)
            {
                console.Output.WriteLine(model.Tokenizer.Decode(answer.Response));
            }

            console.Output.WriteLine();
        }
    }

    private IEnumerable<byte[]> Lines(Prompt[] prompts) => Answers(prompts).Select(Line);

    /// <summary>The answers to each prompt, in order.</summary>
    private IEnumerable<Sequence[]> Answers(Prompt[] prompts)
    {
        int samples = model.Sampling.NumReturnSequences;
        var worker = new RolloutWorker(engines, model.Sampling, model.Ends, samples, stop: stop);
        int done = 0;
        foreach (Prompt[] batch in prompts.Chunk(settings.Answering.PerDeviceEvalBatchSize))
        {
            int offset = done;
            foreach (Sequence[] answers in worker.Answer(batch, i => Stream(offset + i)).Chunk(samples))
            {
                yield return answers;
            }

            done += batch.Length * samples;
        }
    }

    /// <summary>An answer depends on its prompt, the seed and its number alone, not on the batch that it is in.</summary>
    private CounterRandom Stream(int answer) => new(settings.Generate.Seed, RandomPurpose.Evaluation, 0, answer);

    /// <summary>The dialogue as it was read with <c>response</c>, as preference data have it, and for each response its end and length.</summary>
    private byte[] Line(Sequence[] answers)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, OneLine))
        {
            writer.WriteStartObject();
            DialogueLine.WriteFields(writer, answers[0].Dialogue with { Response = [.. answers.Select(answer => model.Tokenizer.Decode(answer.Response))] });
            writer.WriteStartArray("finished");
            foreach (Sequence answer in answers)
            {
                writer.WriteBooleanValue(answer.Finished);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("response_length");
            foreach (Sequence answer in answers)
            {
                writer.WriteNumberValue(answer.Response.Length);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
