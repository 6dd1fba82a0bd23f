using Proxima.Core;
using Proxima.Models.Native;

namespace Proxima.Tests.Models.Native;

public sealed class LibTorchPlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_variable_wins_over_the_application_and_the_package()
    {
        _folder.Write("named/libtorch_cpu.so", "");
        _folder.Write("application/libtorch_cpu.so", "");
        _folder.Write("package/libtorch_cpu.so", "");

        LibTorchLocation found = (Places() with { VariableValue = _folder.Combine("named") }).Find();

        Assert.Equal(new(_folder.Combine("named"), _folder.Combine("package", "libLibTorchSharp.so"), LibTorchSource.Variable), found);
    }

    [Fact]
    public void The_variable_may_name_the_folder_above_lib()
    {
        _folder.Write("named/lib/libtorch_cpu.so", "");

        Assert.Equal(_folder.Combine("named", "lib"), (Places() with { VariableValue = _folder.Combine("named") }).Find().TorchFolder);
    }

    [Fact]
    public void The_application_wins_over_the_package()
    {
        _folder.Write("application/libtorch_cpu.so", "");
        _folder.Write("package/libtorch_cpu.so", "");

        Assert.Equal(LibTorchSource.Application, Places().Find().Source);
    }

    [Fact]
    public void A_wrong_variable_is_an_error_even_when_the_package_is_there()
    {
        _folder.Write("package/libtorch_cpu.so", "");

        ProximaException error = Assert.Throws<ProximaException>(() => (Places() with { VariableValue = "/nowhere" }).Find());

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.StartsWith("LIBTORCH_DIR=/nowhere holds no libtorch_cpu.so", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_package_is_an_error_that_names_the_places_and_the_cure()
    {
        ProximaException error = Assert.Throws<ProximaException>(() => Places().Find());

        Assert.Contains(_folder.Combine("application"), error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Combine("package"), error.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet package download libtorch-cpu-linux-x64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_shim_is_an_error_that_names_it()
    {
        _folder.Write("package/libtorch_cpu.so", "");
        File.Delete(_folder.Combine("package", "libLibTorchSharp.so"));

        ProximaException error = Assert.Throws<ProximaException>(() => Places(withShim: false).Find());

        Assert.StartsWith("libLibTorchSharp.so was not found in", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cuda_libraries_are_loaded_only_where_the_folder_has_them()
    {
        LibTorchLocation location = new(_folder.Path, "shim", LibTorchSource.Package);
        Assert.Equal(["libc10.so", "libtorch_cpu.so", "libtorch.so"], location.TorchLibraries.Select(Path.GetFileName));

        _folder.Write("libc10_cuda.so", "");
        _folder.Write("libtorch_cuda.so", "");
        Assert.Equal(
            ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"],
            location.TorchLibraries.Select(Path.GetFileName));
    }

    public void Dispose() => _folder.Dispose();

    private LibTorchPlaces Places(bool withShim = true)
    {
        if (withShim)
        {
            _folder.Write("package/libLibTorchSharp.so", "");
        }

        return new()
        {
            ApplicationFolders = [_folder.Combine("application")],
            TorchPackageFolders = [_folder.Combine("package")],
            ShimPackageFolders = [_folder.Combine("package")],
        };
    }
}
