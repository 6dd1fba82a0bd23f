using Proxima.Fuzz.Targets;
using SharpFuzz;

// scripts/fuzz.sh runs this under afl-fuzz. Files that were worth finding are kept in tests/fuzz/TARGET, where the unit tests replay them.
if (args is not [var name] || !FuzzTargets.All.TryGetValue(name, out Action<byte[]>? target))
{
    Console.Error.WriteLine($"Usage: Proxima.Fuzz {string.Join('|', FuzzTargets.All.Keys)} (under afl-fuzz)");
    return 2;
}

Fuzzer.OutOfProcess.Run(stream =>
{
    using var content = new MemoryStream();
    stream.CopyTo(content);
    target(content.ToArray());
});
return 0;
