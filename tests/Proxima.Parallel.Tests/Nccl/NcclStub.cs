using System.Diagnostics;
using Proxima.TestSupport;

namespace Proxima.Parallel.Tests.Nccl;

/// <summary>nccl_stub.c as a library, for one test.</summary>
internal sealed class NcclStub : IDisposable
{
    private static readonly string[] Compilers = ["cc", "gcc", "clang"];

    private readonly TemporaryFolder _folder = new();
    private readonly int _ranks;

    /// <summary>Builds it; skips the running test where there is no C compiler.</summary>
    /// <param name="ranks">that will meet</param>
    public NcclStub(int ranks)
    {
        _ranks = ranks;
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        string? compiler = Compilers.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(compiler is null, $"needs a C compiler ({string.Join(", ", Compilers)}) to build a stand-in for NCCL");
        string source = RepositoryPaths.InRepository("tests", "Proxima.Parallel.Tests", "Nccl", "nccl_stub.c");
        using Process build = Process.Start(compiler!, ["-shared", "-fPIC", "-O1", "-pthread", "-o", Library, source]);
        build.WaitForExit();
        Assert.Equal(0, build.ExitCode);
    }

    /// <summary>The library.</summary>
    public string Library => _folder.At("libnccl.so.2");

    /// <summary>There when a rank has aborted its communicator.</summary>
    public string Aborted => _folder.At("aborted");

    /// <summary>What the library reads of the environment.</summary>
    /// <param name="more">of a test</param>
    public IReadOnlyDictionary<string, string> Variables(params (string Name, string Value)[] more) => new[]
    {
        ("NCCL_STUB_FILE", _folder.At("meeting")), ("NCCL_STUB_RANKS", $"{_ranks}"), ("NCCL_STUB_ABORTED", Aborted),
    }.Concat(more).ToDictionary();

    public void Dispose() => _folder.Dispose();
}
