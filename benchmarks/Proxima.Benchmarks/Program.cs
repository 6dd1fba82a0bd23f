using System.Globalization;
using Proxima.Benchmarks;
using Proxima.Benchmarks.Training;

return args switch
{
    ["tokenizer", var folder, var text] => TokenizerBenchmark.Run(folder, text),
    ["decode", var folder] => DecodeBenchmark.Run(folder, Environment.ProcessorCount),
    ["decode", var folder, var threads] => DecodeBenchmark.Run(folder, int.Parse(threads, CultureInfo.InvariantCulture)),
    ["train", var what, var model] => TrainingBenchmark.Run(what, model, Environment.ProcessorCount),
    ["train", var what, var model, var threads] => TrainingBenchmark.Run(what, model, int.Parse(threads, CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Proxima.Benchmarks tokenizer MODEL_FOLDER TEXT_FILE");
    Console.Error.WriteLine("       Proxima.Benchmarks decode MODEL_FOLDER|15M [THREADS]");
    Console.Error.WriteLine("       Proxima.Benchmarks train all|adamw|head|gradient|ppo 15M|135M|MODEL_FOLDER [THREADS]");
    return 2;
}
