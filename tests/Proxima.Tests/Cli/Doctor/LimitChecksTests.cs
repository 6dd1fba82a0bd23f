using Proxima.Cli.Doctor;
using Proxima.Core;

namespace Proxima.Tests.Cli.Doctor;

public sealed class LimitChecksTests
{
    /// <summary>As the kernel writes it: name, soft limit, hard limit, unit.</summary>
    private static readonly string[] Kernel =
    [
        "Limit                     Soft Limit           Hard Limit           Units     ",
        "Max processes             96365                96365                processes ",
        "Max open files            256                  4096                 files     ",
        "Max locked memory         65536                8388608              bytes     ",
    ];

    [Fact]
    public void Limits_are_those_that_the_process_may_raise_to()
    {
        Check check = LimitChecks.Limits(Kernel);

        Assert.True(check.Passed);
        Assert.Equal("open files 4096, processes 96365, locked memory 8 MB", check.Detail);
    }

    [Fact]
    public void Too_few_open_files_have_a_cure()
    {
        Check check = LimitChecks.Limits([.. Kernel.Select(line => line.Replace("4096", "512 ", StringComparison.Ordinal))]);

        Assert.False(check.Passed);
        Assert.Contains("ulimit -n", check.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_unlimited_or_not_told_passes() => Assert.Equal(
        "open files unlimited, processes unknown, locked memory unlimited",
        LimitChecks.Limits(["Max open files  1024  unlimited  files", "Max locked memory  unlimited  unlimited  bytes"]) is { Passed: true } check ? check.Detail : "failed");

    [Theory]
    [InlineData(0.5e9, false, "24.0 GB usable, 0.5 GB free")]
    [InlineData(1.5e9, true, "24.0 GB usable, 1.5 GB free")]
    public void Memory_that_holds_no_model_fails(double free, bool passes, string detail)
    {
        Check check = LimitChecks.Memory(free, usable: 24e9);

        Assert.Equal((passes, detail), (check.Passed, check.Detail));
        Assert.Contains("docker run --memory", check.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false, "/dev/shm is missing or full")]
    [InlineData(20e6, false, "/dev/shm: 20 MB free")]
    [InlineData(67.1e6, true, "/dev/shm: 67 MB free")]
    public void Shared_memory_of_a_container_is_enough_unless_it_is_full(double free, bool passes, string detail)
    {
        Check check = LimitChecks.SharedMemory(free);

        Assert.Equal((passes, detail), (check.Passed, check.Detail));
        Assert.Contains("--shm-size", check.Cure, StringComparison.Ordinal);
    }
}
