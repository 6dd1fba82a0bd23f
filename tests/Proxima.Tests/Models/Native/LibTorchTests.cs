using Proxima.Core;
using Proxima.Models.Native;

namespace Proxima.Tests.Models.Native;

public sealed class LibTorchTests
{
    [Fact]
    public void Loading_again_does_nothing()
    {
        string path = LibTorch.GemmPath;

        LibTorch.Load();

        Assert.Equal(path, LibTorch.GemmPath);
        Assert.Equal(LibTorchPlaces.OfThisProcess().Find().TorchFolder, LibTorch.Folder);
    }

    [Fact]
    public void Every_check_passes_where_the_tests_run()
    {
        IReadOnlyList<Check> checks = LibTorch.Inspect();

        Assert.Equal(["platform", "libtorch", "symbols", "loading", "fp32 products"], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.True(check.Passed, $"{check.Name}: {check.Detail} {check.Cure}"));
    }

    [Fact]
    public void A_libtorch_that_lacks_functions_is_named_with_some_of_them()
    {
        using TemporaryFolder folder = new();
        LibTorchLocation real = LibTorchPlaces.OfThisProcess().Find();
        foreach (string name in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
        {
            File.Copy(Path.Combine(real.TorchFolder, "libc10.so"), folder.Combine(name));
        }

        ProximaException error = Assert.Throws<ProximaException>(() => LibTorchInspection.CheckSymbols(real with { TorchFolder = folder.Path }));

        Assert.Contains($"are not in {folder.Path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("_ZN2at", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_cannot_be_loaded_gives_the_reason_and_the_cure()
    {
        ProximaException error = Assert.Throws<ProximaException>(() => LibraryLoader.Load("/nowhere/libgone.so", "Fetch it."));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal(
            "/nowhere/libgone.so could not be loaded: /nowhere/libgone.so: cannot open shared object file: No such file or directory. Fetch it.",
            error.Message);
    }

    [Fact]
    public void A_library_that_is_cut_off_or_none_is_refused_before_the_loader_maps_it()
    {
        using TemporaryFolder folder = new();
        byte[] shim = File.ReadAllBytes(LibTorchPlaces.OfThisProcess().Find().ShimPath);
        string path = folder.Combine("lib.so");
        LibraryLoader.CheckWhole(path); // a missing one is left to the loader

        File.WriteAllBytes(path, shim);
        LibraryLoader.CheckWhole(path);

        File.WriteAllBytes(path, shim[..^1]);
        Assert.Contains("is cut off", Assert.Throws<ProximaException>(() => LibraryLoader.CheckWhole(path)).Message, StringComparison.Ordinal);

        File.WriteAllText(path, "INPUT ( -ltorch )");
        Assert.Contains("is no library", Assert.Throws<ProximaException>(() => LibraryLoader.CheckWhole(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_speed_of_products_is_plausible() => Assert.InRange(LibTorch.GemmSpeed(256), 0.1, 1e5);
}
