using System.Text;
using Proxima.Text;

namespace Proxima.Benchmarks;

/// <summary>
/// Times one tokenizer on one core: loading, the first encoding of a text (which fills the memory of pieces), further
/// ones, and decoding. Prints the median of several rounds in processor time, so a busy machine does not matter.
/// </summary>
internal static class TokenizerBenchmark
{
    private const int Rounds = 5;
    private const double BytesPerMegabyte = 1e6;

    public static int Run(string folder, string textFile)
    {
        string text = File.ReadAllText(textFile);
        double megabytes = Encoding.UTF8.GetByteCount(text) / BytesPerMegabyte;
        double[] loads = [.. Enumerable.Range(0, Rounds).Select(_ => Seconds(() => Tokenizer.Load(folder)))];

        Tokenizer tokenizer = Tokenizer.Load(folder);
        int[] ids = [];
        double first = Seconds(() => ids = tokenizer.Encode(text));
        double[] encodes = [.. Enumerable.Range(0, Rounds).Select(_ => Seconds(() => tokenizer.Encode(text)))];
        double[] decodes = [.. Enumerable.Range(0, Rounds).Select(_ => Seconds(() => tokenizer.Decode(ids)))];

        Console.WriteLine($"{tokenizer.Kind}, {tokenizer.VocabularySize} tokens; {megabytes:F2} MB of text, {ids.Length} ids");
        Console.WriteLine($"load          {loads[0]:F2} s first, {Median(loads):F2} s median");
        Console.WriteLine($"encode        {megabytes / first:F1} MB/s first, {megabytes / Median(encodes):F1} MB/s median");
        Console.WriteLine($"decode        {megabytes / Median(decodes):F1} MB/s median");
        return 0;
    }

    private static double Seconds(Action action)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
