using Proxima.EndToEnd.Tests;

namespace Proxima.Parallel.Tests.Nccl;

/// <summary>
/// The binding of NCCL without a GPU: a library with its functions, which checks types, operation, stream and the id of the communicator, and really
/// reduces the memory of several processes. What only the real one can show is left to Proxima.Gpu.Tests and to machines with several GPUs.
/// </summary>
public sealed class NcclTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Every_collective_gives_what_arithmetic_says(int ranks)
    {
        using var stub = new NcclStub(ranks);

        CommandResult result = (await Mpirun.WorkerAsync(MpiName.OpenMpi, ranks, stub.Variables(), "nccl", stub.Library)).Expect(0);

        for (int rank = 0; rank < ranks; rank++)
        {
            Assert.Contains($"rank {rank} of {ranks}: right; NCCL 2.18.5", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_peer_that_is_gone_ends_the_job_with_the_name_of_the_collective_and_the_communicator_is_aborted()
    {
        using var stub = new NcclStub(2);

        CommandResult result = (await Mpirun.WorkerAsync(MpiName.OpenMpi, 2, stub.Variables(("NCCL_STUB_FAIL", "1")), "nccl", stub.Library)).Expect(6);

        Assert.Contains("NCCL all-reduce (sums), rank ", result.Error, StringComparison.Ordinal);
        Assert.Contains(": error 6, remote process exited or there was a network error. ", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(stub.Aborted));
    }

    [Fact]
    public async Task A_collective_that_is_never_done_ends_the_job_after_the_limit()
    {
        using var stub = new NcclStub(2);
        IReadOnlyDictionary<string, string> variables = stub.Variables(("NCCL_STUB_HANG", "1"), ("PROXIMA_COLLECTIVE_TIMEOUT_S", "1"));

        CommandResult result = (await Mpirun.WorkerAsync(MpiName.OpenMpi, 2, variables, "nccl", stub.Library)).Expect(6);

        Assert.Contains("NCCL all-reduce (sums), rank ", result.Error, StringComparison.Ordinal);
        Assert.Contains(": not all ranks came within 1 s. ", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(stub.Aborted));
    }
}
