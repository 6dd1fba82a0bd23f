using Proxima.Benchmarks;

return args switch
{
    ["tokenizer", var folder, var text] => TokenizerBenchmark.Run(folder, text),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Proxima.Benchmarks tokenizer MODEL_FOLDER TEXT_FILE");
    return 2;
}
