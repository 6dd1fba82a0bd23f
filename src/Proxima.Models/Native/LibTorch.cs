using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Proxima.Core;
using static TorchSharp.torch;

namespace Proxima.Models.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native library from where they lie, before TorchSharp looks for them beside the application.
/// Call <see cref="Load"/> before anything else of TorchSharp. The order of places is in docs/adr/native-loading.md.
/// </summary>
public static class LibTorch
{
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<(int Size, ScalarType Type, int Threads, string Device), double> Speeds = [];
    private static LibTorchLocation? Location;
    private static ProximaException? Failure;

    /// <summary>The path that fp32 matrix products take, for the log and for <c>run_config.json</c>.</summary>
    public static string GemmPath { get; private set; } = "libtorch is not loaded";

    /// <summary>Where the memory of large tensors comes from.</summary>
    public static string TensorMemory { get; private set; } = "libtorch is not loaded";

    /// <summary>The folder that libtorch came from; null before <see cref="Load"/>.</summary>
    public static string? Folder => Location?.TorchFolder;

    /// <summary>Whether libtorch was built for GPUs; false before <see cref="Load"/>.</summary>
    public static bool HasCuda => Location?.HasCuda ?? false;

    /// <summary>Loads the libraries; does nothing when that is done.</summary>
    /// <exception cref="ProximaException">they cannot be loaded; the message says why and what to do</exception>
    public static void Load()
    {
        lock (Gate)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            if (Location is not null)
            {
                return;
            }

            try
            {
                CheckPlatform();
                Location = LoadFrom(LibTorchPlaces.OfThisProcess().Find());
            }
            catch (ProximaException failure)
            {
                Failure = failure;
                throw;
            }
        }
    }

    /// <summary>Looks at the platform, the libraries, their symbols and the fp32 products. Never throws for a broken installation.</summary>
    public static IReadOnlyList<Check> Inspect() => LibTorchInspection.Run();

    /// <summary>Speed of matrix products, the yardstick of docs/performance, measured once for each device and number of threads.</summary>
    /// <param name="size">rows and columns of the two square matrices</param>
    /// <param name="type">of both</param>
    /// <param name="device">where they are; null: the CPU</param>
    /// <returns>GFLOP/s</returns>
    public static double GemmSpeed(int size, ScalarType type = ScalarType.Float32, Device? device = null)
    {
        Load();
        return Speeds.GetOrAdd((size, type, get_num_threads(), $"{device}"), key => MeasureGemm(key.Size, key.Type, device));
    }

    /// <summary>Speed of matrix products at this moment.</summary>
    /// <param name="size">rows and columns of the two square matrices</param>
    /// <param name="type">of both</param>
    /// <param name="device">where they are; null: the CPU</param>
    /// <returns>GFLOP/s, the best of five products with the present number of threads</returns>
    public static double MeasureGemm(int size, ScalarType type, Device? device = null)
    {
        Load();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var a = ones([size, size], dtype: type, device: device);
        var b = ones([size, size], dtype: type, device: device);
        double best = double.MaxValue;
        for (int run = 0; run < 6; run++)
        {
            long start = Stopwatch.GetTimestamp();
            using var product = a.matmul(b);
            if (device is { type: TorchSharp.DeviceType.CUDA })
            {
                using var number = product.view(-1).narrow(0, 0, 1).cpu(); // waits for the product, which has only been asked for
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = run == 0 ? best : Math.Min(best, seconds); // the first run warms up
        }

        return 2.0 * size * size * size / best / 1e9;
    }

    /// <exception cref="ProximaException">this is not Linux on x64</exception>
    internal static void CheckPlatform()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"Proxima runs on Linux x64, and this is {RuntimeInformation.RuntimeIdentifier}. Use a Linux x64 machine or container.");
        }
    }

    private static LibTorchLocation LoadFrom(LibTorchLocation location)
    {
        ProcessTuning.Apply();
        Dictionary<string, nint> libraries = new(StringComparer.Ordinal);
        foreach (string path in location.TorchLibraries)
        {
            LibraryLoader.CheckWhole(path);
            libraries[Path.GetFileName(path)] = LibraryLoader.Load(
                path,
                $"The folder may be incomplete: fetch it again (dotnet restore --force, or unpack libtorch anew), or set {LibTorchPlaces.Variable}.");
        }

        TensorMemory = TensorHeap.Install(libraries[LibTorchPlaces.CoreFile]);

        LibraryLoader.CheckWhole(location.ShimPath);
        libraries[LibTorchPlaces.ShimFile] = ShimLoader.Load(location.ShimPath);
        ScalarRelease.Delay(libraries[LibTorchPlaces.ShimFile], ShimLoader.LoadCpp());

        // TorchSharp imports "LibTorchSharp" and probes for "torch_cpu" and "torch_cuda" by their bare names.
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            libraries.TryGetValue($"lib{name}.so", out nint library) || libraries.TryGetValue(name, out library) ? library : 0;
        GemmPath = GemmRepair.Apply(libraries[LibTorchPlaces.TorchFile]);
        return location;
    }
}
