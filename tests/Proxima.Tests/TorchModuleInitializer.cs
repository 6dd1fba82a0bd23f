using System.Runtime.CompilerServices;
using Proxima.Models.Native;

namespace Proxima.Tests;

internal static class TorchModuleInitializer
{
    /// <summary>Loads libtorch before any test touches it, as the command line does.</summary>
    [ModuleInitializer]
    public static void Load() => LibTorch.Load();
}
