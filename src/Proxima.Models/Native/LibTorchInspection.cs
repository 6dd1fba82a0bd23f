using System.IO.MemoryMappedFiles;
using Proxima.Core;

namespace Proxima.Models.Native;

/// <summary>The checks of <see cref="LibTorch.Inspect"/>, in order; each is made even when one before it failed.</summary>
internal static class LibTorchInspection
{
    private const int GemmSize = 1024;

    public static IReadOnlyList<Check> Run()
    {
        LibTorchLocation? location = null;
        List<Check> checks =
        [
            Try("platform", () =>
            {
                LibTorch.CheckPlatform();
                return $"{System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} cores";
            }),
            Try("libtorch", () =>
            {
                location = LibTorchPlaces.OfThisProcess().Find();
                return $"{location.TorchFolder} ({location.Source})";
            }),
        ];
        if (location is not null)
        {
            checks.Add(Try("symbols", () => CheckSymbols(location)));
            checks.Add(Try("loading", () =>
            {
                LibTorch.Load();
                return $"libtorch {TorchSharp.torch.__version__} answers; large tensors lie in {LibTorch.TensorMemory}";
            }));
        }

        if (checks.All(check => check.Passed))
        {
            checks.Add(Try("fp32 products", () =>
                $"{LibTorch.GemmPath}: {LibTorch.GemmSpeed(GemmSize):f0} GFLOP/s with {TorchSharp.torch.get_num_threads()} threads"));
        }

        return checks;
    }

    /// <summary>Compares what TorchSharp's library needs with what libtorch gives, by reading the files.</summary>
    /// <exception cref="ProximaException">something is missing</exception>
    internal static string CheckSymbols(LibTorchLocation location)
    {
        List<string> needed = new ElfImage(File.ReadAllBytes(location.ShimPath)).UnversionedImports();
        HashSet<string> given = [];
        foreach (string path in location.TorchLibraries)
        {
            given.UnionWith(ExportsOf(path));
        }

        List<string> missing = needed.FindAll(name => !given.Contains(name));
        return missing.Count == 0
            ? $"all {needed.Count} functions that TorchSharp needs are there"
            : throw new ProximaException(
                ExitCode.Usage,
                $"{missing.Count} of the {needed.Count} functions that TorchSharp needs are not in {location.TorchFolder}: "
                + $"{string.Join(", ", missing.Take(5))}{(missing.Count > 5 ? ", …" : "")}. "
                + "Use a libtorch of the version that this build names, or the package.");
    }

    private static unsafe HashSet<string> ExportsOf(string path)
    {
        long length = new FileInfo(path).Length;
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            // A span ends at 2 GB; the tables of a CUDA library beyond that are not needed, its functions are CUDA's own.
            return new ElfImage(new(start, (int)Math.Min(length, int.MaxValue))).Exports();
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    /// <summary>Runs one check; the sentences of an error after the first are its cure.</summary>
    private static Check Try(string name, Func<string> look)
    {
        try
        {
            return new(name, Passed: true, look(), Cure: "");
        }
        catch (Exception problem) when (problem is ProximaException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            int cut = problem.Message.IndexOf(". ", StringComparison.Ordinal);
            return cut < 0
                ? new(name, Passed: false, problem.Message, "Fetch the file again (dotnet restore --force).")
                : new(name, Passed: false, problem.Message[..(cut + 1)], problem.Message[(cut + 2)..]);
        }
    }
}
