using System.Globalization;
using Proxima.Core;
using static TorchSharp.torch;

namespace Proxima.Models.Native;

/// <summary>What the argument device means on this machine.</summary>
public static class TorchDevices
{
    private const string Cuda = "cuda";
    private const string CpuCure = "or give --device cpu.";

    /// <summary>The device that a setting names.</summary>
    /// <param name="setting">auto, cpu, cuda or cuda:N</param>
    /// <param name="localRank">number of this rank among those of its host: the GPU that cuda and auto take</param>
    /// <returns>the device, and why it was taken, for the log</returns>
    /// <exception cref="ProximaException">exit code Usage: there is no such device, or libtorch cannot use it; says what was found and the cure</exception>
    public static (Device Device, string Reason) Choose(string setting, int localRank)
    {
        ArgumentNullException.ThrowIfNull(setting);
        LibTorch.Load();
        if (setting == "cpu")
        {
            return (CPU, "cpu, as device says");
        }

        bool isAuto = setting == "auto";
        CudaDriver driver = CudaDriver.Ask();
        if (Hindrance(driver) is { } hindrance)
        {
            return isAuto ? (CPU, $"cpu, since {hindrance}") : throw new ProximaException(ExitCode.Usage, $"device = {setting}: {hindrance}. {Cure(driver)}");
        }

        int number = setting.Length > Cuda.Length && !isAuto ? int.Parse(setting[(Cuda.Length + 1)..], CultureInfo.InvariantCulture) : localRank;
        return number < driver.Devices.Count
            ? (device(Cuda, number), $"cuda:{number} ({driver.Devices[number]}), {(isAuto ? "since there is one" : "as device says")}")
            : throw new ProximaException(
                ExitCode.Usage,
                $"device = {setting}: GPU {number} is asked for, and this machine has {driver.Devices.Count} ({string.Join("; ", driver.Devices)}). "
                + $"Expected a number below {driver.Devices.Count}. Start no more ranks on a host than it has GPUs, change the number, {CpuCure}");
    }

    /// <summary>Why this machine cannot compute on a GPU, as half a sentence; null: it can.</summary>
    public static string? CudaHindrance()
    {
        LibTorch.Load();
        return Hindrance(CudaDriver.Ask());
    }

    /// <summary>What <c>proxima doctor</c> says of GPUs. A machine without one passes: it trains on the CPU.</summary>
    public static Check Inspect()
    {
        const string Name = "CUDA";
        CudaDriver driver = CudaDriver.Ask();
        bool hasDevice = driver.Hindrance is null;
        if (!hasDevice && !LibTorch.HasCuda)
        {
            return new Check(Name, true, $"none: {driver.Hindrance}, and libtorch is that of the CPU; runs compute on the CPU");
        }

        return Hindrance(driver) is { } hindrance
            ? new Check(Name, Passed: !hasDevice, $"none: {hindrance}; runs compute on the CPU", Cure(driver))
            : new Check(Name, true, $"{string.Join("; ", driver.Devices)}; the driver runs CUDA up to {driver.CudaVersion}");
    }

    /// <summary>Why libtorch cannot compute on a GPU here, as half a sentence; null: it can.</summary>
    private static string? Hindrance(CudaDriver driver) => driver.Hindrance
        ?? (!LibTorch.HasCuda ? $"libtorch in {LibTorch.Folder} is that of the CPU (no {LibTorchLocation.CudaFile})"
        : !cuda.is_available() ? $"libtorch in {LibTorch.Folder} finds no GPU, though the driver (CUDA up to {driver.CudaVersion}) has {driver.Devices.Count}"
        : null);

    private static string Cure(CudaDriver driver) => driver.Hindrance is not null
        ? $"Use a machine with an NVIDIA GPU and its driver (nvidia-smi shows both), {CpuCure}"
        : !LibTorch.HasCuda
            ? $"Set {LibTorchPlaces.Variable} to a libtorch for CUDA, or to the torch/lib folder of a PyTorch for CUDA (bash scripts/install_train_env.sh gpu finds it), {CpuCure}"
            : $"Use a libtorch for a CUDA that the driver runs, or a newer driver, {CpuCure}";
}
