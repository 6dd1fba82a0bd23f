using System.Globalization;
using Proxima.Benchmarks;

return args switch
{
    ["tokenizer", var folder, var text] => TokenizerBenchmark.Run(folder, text),
    ["decode", var folder] => DecodeBenchmark.Run(folder, Environment.ProcessorCount),
    ["decode", var folder, var threads] => DecodeBenchmark.Run(folder, int.Parse(threads, CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Proxima.Benchmarks tokenizer MODEL_FOLDER TEXT_FILE");
    Console.Error.WriteLine("       Proxima.Benchmarks decode MODEL_FOLDER|15M [THREADS]");
    return 2;
}
