using System.Globalization;
using Proxima.Benchmarks;
using Proxima.Benchmarks.Bench;
using Proxima.Benchmarks.Training;
using Proxima.Core.Settings;

return args switch
{
    ["tokenizer", var folder, var text] => TokenizerBenchmark.Run(folder, text),
    ["decode", var folder] => DecodeBenchmark.Run(folder, Environment.ProcessorCount, ComputeKernel.Auto),
    ["decode", var folder, var threads] => DecodeBenchmark.Run(folder, int.Parse(threads, CultureInfo.InvariantCulture), ComputeKernel.Auto),
    ["decode", var folder, var threads, var kernel] =>
        DecodeBenchmark.Run(folder, int.Parse(threads, CultureInfo.InvariantCulture), Enum.Parse<ComputeKernel>(kernel.Replace("_", "", StringComparison.Ordinal), ignoreCase: true)),
    ["train", var what, var model] => TrainingBenchmark.Run(what, model, Environment.ProcessorCount),
    ["train", var what, var model, var threads] => TrainingBenchmark.Run(what, model, int.Parse(threads, CultureInfo.InvariantCulture)),
    ["bench", .. var options] => BenchCommand.Run(options),
    ["kernels"] => KernelBenchmark.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Proxima.Benchmarks bench [--quick] [--one-thread]");
    Console.Error.WriteLine("       Proxima.Benchmarks tokenizer MODEL_FOLDER TEXT_FILE");
    Console.Error.WriteLine("       Proxima.Benchmarks decode MODEL_FOLDER|15M [THREADS [KERNEL]]");
    Console.Error.WriteLine("       Proxima.Benchmarks train all|adamw|head|gradient|ppo 15M|135M|MODEL_FOLDER [THREADS]");
    Console.Error.WriteLine("       Proxima.Benchmarks kernels");
    return 2;
}
