using Proxima.Models.Native;

namespace Proxima.Tests.Models.Native;

public sealed class ElfImageTests
{
    private static readonly byte[] Shim = File.ReadAllBytes(LibTorchPlaces.OfThisProcess().Find().ShimPath);

    [Fact]
    public void The_shim_exports_its_functions_and_imports_those_of_libtorch()
    {
        ElfImage image = new(Shim);

        Assert.Contains("THSTensor_matmul", image.Exports());
        Assert.Contains("_ZN2at4_ops6matmul4callERKNS_6TensorES4_", image.UnversionedImports());
        Assert.DoesNotContain("memcpy", image.UnversionedImports());
    }

    [Fact]
    public void The_marker_version_is_found_and_marked_weak_in_one_byte()
    {
        int? flagsAt = new ElfImage(Shim).FindUnusedVersion("GLIBCXX_3.4.32");
        Assert.NotNull(flagsAt);

        byte[] weak = [.. Shim];
        ElfImage.MarkWeak(weak, flagsAt.Value);

        int[] changed = [.. Enumerable.Range(0, Shim.Length).Where(i => Shim[i] != weak[i])];
        Assert.Equal([flagsAt.Value], changed);
        Assert.Equal(Shim[flagsAt.Value] | 2, weak[flagsAt.Value]);
    }

    [Fact]
    public void A_version_that_is_really_used_is_refused_with_the_name_of_the_symbol()
    {
        BadImageFormatException error = Assert.Throws<BadImageFormatException>(() => new ElfImage(Shim).FindUnusedVersion("GLIBC_2.14"));

        Assert.Equal("it really uses memcpy of GLIBC_2.14", error.Message);
    }

    [Fact]
    public void A_version_that_is_not_asked_for_is_not_found() =>
        Assert.Null(new ElfImage(Shim).FindUnusedVersion("GLIBCXX_9.9.9"));

    [Fact]
    public void Other_bytes_are_refused()
    {
        Assert.Throws<BadImageFormatException>(() => new ElfImage("#!/bin/sh"u8).Exports());
        Assert.Throws<BadImageFormatException>(() => new ElfImage(new byte[100]).Exports());
    }
}
