using Proxima.Core;
using Proxima.Distributed;

namespace Proxima.Tests.Distributed;

/// <summary>What the launchers put into the environment, as their manuals and real starts of them have it.</summary>
public sealed class LaunchTests
{
    [Theory]
    [InlineData("", 0, 1, "")]
    [InlineData("OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=3", 3, 4, "libmpi.so.40")]
    [InlineData("PMI_SIZE=2 PMI_RANK=1", 1, 2, "libmpich.so.12")]
    [InlineData("PMIX_RANK=5 SLURM_STEP_NUM_TASKS=8 SLURM_PROCID=5", 5, 8, "libmpi.so.40")]
    [InlineData("PMI_RANK=2 SLURM_STEP_NUM_TASKS=4", 2, 4, "libmpich.so.12")]
    [InlineData("OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0 PMIX_RANK=0 SLURM_STEP_NUM_TASKS=1", 0, 2, "libmpi.so.40")]
    [InlineData("PMI_SIZE=2 PMI_RANK=0 PROXIMA_MPI_LIBRARY=libother.so", 0, 2, "libother.so")]
    [InlineData("SLURM_STEP_NUM_TASKS=1 SLURM_PROCID=0", 0, 1, "")]
    public void The_launcher_decides_rank_size_and_library(string variables, int rank, int size, string library)
    {
        Launch launch = Launch.Read(Environment(variables));

        Assert.Equal((rank, size, library), (launch.Rank, launch.Size, launch.Libraries.FirstOrDefault("")));
    }

    [Fact]
    public void Processes_of_srun_that_cannot_find_each_other_are_refused()
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => Launch.Read(Environment("SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=1")));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains("srun --mpi=pmix", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_not_there_is_an_error_that_says_what_to_install()
    {
        Launch launch = Launch.Read(Environment("PMI_SIZE=2 PMI_RANK=0 PROXIMA_MPI_LIBRARY=libnowhere.so"));

        ProximaException exception = Assert.Throws<ProximaException>(launch.Start);
        Assert.Contains("tried libnowhere.so", exception.Message, StringComparison.Ordinal);
        Assert.Contains("libmpich12", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_rank_needs_no_MPI()
    {
        using ICommunicator ranks = Launch.Read(Environment("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0 PROXIMA_MPI_LIBRARY=libnowhere.so")).Start();

        Assert.Equal(1, ranks.Size);
        Assert.Equal([[1, 2]], ranks.Exchange("numbers", [1, 2], TestContext.Current.CancellationToken));
    }

    private static Func<string, string?> Environment(string variables)
    {
        Dictionary<string, string> set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return set.GetValueOrDefault;
    }
}
