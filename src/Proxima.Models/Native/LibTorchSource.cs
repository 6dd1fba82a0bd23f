namespace Proxima.Models.Native;

/// <summary>Where libtorch was found.</summary>
internal enum LibTorchSource
{
    /// <summary>The folder that the variable LIBTORCH_DIR names.</summary>
    Variable,

    /// <summary>Beside the application.</summary>
    Application,

    /// <summary>The NuGet package folder.</summary>
    Package,
}
