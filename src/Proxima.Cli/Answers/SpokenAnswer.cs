using System.Text;
using Proxima.Core;
using Proxima.Generation;
using Proxima.Text;

namespace Proxima.Cli.Answers;

/// <summary>One answer that is printed while it is written.</summary>
internal static class SpokenAnswer
{
    /// <summary>Answers a prompt and prints each piece of text as soon as it is certain, then a line end.</summary>
    /// <param name="engines">of the model</param>
    /// <param name="options">how to sample; its stop ends the answer where it is</param>
    /// <param name="prompt">[P] ids</param>
    /// <param name="random">the answer's random stream</param>
    /// <param name="tokenizer">of the model</param>
    /// <param name="output">where the text goes</param>
    /// <returns>the whole text, or what was written of it before a stop</returns>
    public static string Write(
        GenerationEngines engines, SamplingOptions options, int[] prompt, CounterRandom random, Tokenizer tokenizer, TextWriter output)
    {
        StreamingDecoder decoder = tokenizer.NewStreamingDecoder();
        StringBuilder text = new();
        void Say(string? piece)
        {
            text.Append(piece);
            output.Write(piece);
            output.Flush();
        }

        try
        {
            engines.Create(options with { SamplesPerPrompt = 1, OnToken = (_, token) => Say(decoder.Push(token)) }).Generate([prompt], _ => random);
        }
        catch (OperationCanceledException) when (options.Stop.IsCancellationRequested)
        {
            // What is there already is the answer.
        }

        Say(decoder.Finish());
        output.WriteLine();
        return text.ToString();
    }
}
