using Proxima.Core;
using Proxima.Distributed.Mpi;
using TemporaryFolder = Proxima.TestSupport.TemporaryFolder;

namespace Proxima.Tests.Distributed;

public sealed class MpiLaunchersTests
{
    [Fact]
    public void Launchers_are_found_with_the_program_behind_their_names()
    {
        using TemporaryFolder folder = new();
        folder.Write("tools/orterun", "");
        folder.Write("tools/srun", "");
        Directory.CreateDirectory(folder.At("bin"));
        File.CreateSymbolicLink(folder.At("bin/mpirun"), folder.At("tools/orterun"));

        Assert.Equal(["mpirun (orterun)", "srun"], MpiLaunchers.Find($"{folder.At("nowhere")}:{folder.At("bin")}:{folder.At("tools")}"));
    }

    [Fact]
    public void Libraries_and_launchers_are_told_together()
    {
        Check check = MpiLaunchers.Judge(["Open MPI v4.1.4 (libmpi.so.40)"], ["mpirun (orterun)"]);

        Assert.True(check.Passed);
        Assert.Equal("Open MPI v4.1.4 (libmpi.so.40); started by mpirun (orterun)", check.Detail);
        Assert.Contains("no launcher in PATH", MpiLaunchers.Judge(["Open MPI"], []).Detail, StringComparison.Ordinal);
        Assert.Contains("Debian: openmpi-bin", MpiLaunchers.Judge([], []) is { Passed: true } none ? none.Detail : "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_launcher_without_its_library_fails_with_the_cure()
    {
        Check check = MpiLaunchers.Judge([], ["mpirun.mpich"]);

        Assert.False(check.Passed);
        Assert.Contains("tried libmpi.so.40", check.Detail, StringComparison.Ordinal);
        Assert.Contains("libmpich12", check.Cure, StringComparison.Ordinal);
    }
}
