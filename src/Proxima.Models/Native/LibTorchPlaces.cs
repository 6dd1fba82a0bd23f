using System.Reflection;
using Proxima.Core;

namespace Proxima.Models.Native;

/// <summary>The folders in which libtorch and TorchSharp's native library are looked for, in order of preference.</summary>
internal sealed record LibTorchPlaces
{
    public const string Variable = "LIBTORCH_DIR";
    public const string CoreFile = "libc10.so";
    public const string TorchFile = "libtorch_cpu.so";
    public const string ShimFile = "libLibTorchSharp.so";

    /// <summary>Value of LIBTORCH_DIR; null or empty when it is not set.</summary>
    public string? VariableValue { get; init; }

    /// <summary>Folders of the application.</summary>
    public required IReadOnlyList<string> ApplicationFolders { get; init; }

    /// <summary>Folders of the libtorch package; empty in a build that takes libtorch from LIBTORCH_DIR alone.</summary>
    public required IReadOnlyList<string> TorchPackageFolders { get; init; }

    /// <summary>Folders of the TorchSharp package.</summary>
    public required IReadOnlyList<string> ShimPackageFolders { get; init; }

    /// <summary>The places of this process.</summary>
    public static LibTorchPlaces OfThisProcess()
    {
        string application = AppContext.BaseDirectory;
        return new()
        {
            VariableValue = Environment.GetEnvironmentVariable(Variable),
            ApplicationFolders = [application, Path.Combine(application, "runtimes", "linux-x64", "native")],
            TorchPackageFolders = PackageFolders("LibTorchPackagePath"),
            ShimPackageFolders = PackageFolders("TorchSharpPackagePath"),
        };
    }

    /// <summary>Finds both libraries.</summary>
    /// <exception cref="ProximaException">one of them is nowhere; the message lists where it was looked for</exception>
    public LibTorchLocation Find()
    {
        (string folder, LibTorchSource source) = FindTorch();
        string shim = FindFile(ShimFile, [.. ApplicationFolders, .. ShimPackageFolders])
            ?? throw Missing(ShimFile, [.. ApplicationFolders, .. ShimPackageFolders], "Install Proxima again, or run dotnet restore in its repository.");
        return new(folder, shim, source);
    }

    private (string Folder, LibTorchSource Source) FindTorch()
    {
        if (!string.IsNullOrEmpty(VariableValue))
        {
            string? named = FindFile(TorchFile, [VariableValue, Path.Combine(VariableValue, "lib")]);
            return named is not null
                ? (Path.GetDirectoryName(named)!, LibTorchSource.Variable)
                : throw new ProximaException(
                    ExitCode.Usage,
                    $"{Variable}={VariableValue} holds no {TorchFile}, and neither does its lib folder. "
                    + "Name an unpacked libtorch or the torch/lib folder of a PyTorch, or unset the variable to use the package.");
        }

        if (FindFile(TorchFile, ApplicationFolders) is string beside)
        {
            return (Path.GetDirectoryName(beside)!, LibTorchSource.Application);
        }

        return FindFile(TorchFile, TorchPackageFolders) is string packaged
            ? (Path.GetDirectoryName(packaged)!, LibTorchSource.Package)
            : throw Missing(
                TorchFile,
                [.. ApplicationFolders, .. TorchPackageFolders],
                $"Fetch it with `dotnet package download {TorchPackage} --output ~/.nuget/packages`, or set {Variable} to an unpacked libtorch or the torch/lib folder of a PyTorch.");
    }

    /// <summary>The libtorch package as it is asked for: name@version.</summary>
    private static string TorchPackage => string.Join('@', (Metadata("LibTorchPackagePath") ?? "libtorch-cpu-linux-x64").Split('/').Take(2));

    private static ProximaException Missing(string file, IEnumerable<string> folders, string cure) =>
        new(ExitCode.Usage, $"{file} was not found in {string.Join(", ", folders)}. {cure}");

    private static string? FindFile(string name, IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The package folder that the build saw, then those a machine usually has.</summary>
    private static string[] PackageFolders(string key)
    {
        string? path = Metadata(key);
        if (path is null)
        {
            return [];
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string?[] roots =
        [
            Metadata("PackageRoot"),
            Environment.GetEnvironmentVariable("NUGET_PACKAGES"),
            Path.Combine(home, ".nuget", "packages"),
        ];
        return [.. roots.Where(root => !string.IsNullOrEmpty(root)).Select(root => Path.Combine(root!, path)).Distinct()];
    }

    private static string? Metadata(string key) =>
        typeof(LibTorchPlaces).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == key)?.Value;
}
