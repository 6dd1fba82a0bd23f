using System.Globalization;
using Proxima.Benchmarks;
using Proxima.Benchmarks.Bench;
using Proxima.Core.Settings;

return args switch
{
    ["tokenizer", var folder, var text] => TokenizerBenchmark.Run(folder, text),
    ["decode", var folder] => DecodeBenchmark.Run(folder, Environment.ProcessorCount, ComputeKernel.Auto),
    ["decode", var folder, var threads] => DecodeBenchmark.Run(folder, int.Parse(threads, CultureInfo.InvariantCulture), ComputeKernel.Auto),
    ["decode", var folder, var threads, var kernel] =>
        DecodeBenchmark.Run(folder, int.Parse(threads, CultureInfo.InvariantCulture), Enum.Parse<ComputeKernel>(kernel.Replace("_", "", StringComparison.Ordinal), ignoreCase: true)),
    ["bench", .. var options] => BenchCommand.Run(options),
    ["gpu", .. var options] => GpuCommand.Run(options),
    ["kernels"] => KernelBenchmark.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Proxima.Benchmarks bench [--quick] [--one-thread] [--memory] [--only TEXT]");
    Console.Error.WriteLine("       Proxima.Benchmarks tokenizer MODEL_FOLDER TEXT_FILE");
    Console.Error.WriteLine("       Proxima.Benchmarks decode MODEL_FOLDER|15M [THREADS [KERNEL]]");
    Console.Error.WriteLine("       Proxima.Benchmarks gpu [--against FILE]");
    Console.Error.WriteLine("       Proxima.Benchmarks kernels");
    return 2;
}
