using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Proxima.Core;

namespace Proxima.Cli;

/// <summary>Checks of the runtime and the machine that need no native library.</summary>
internal static class MachineChecks
{
    /// <summary>Runtime, system, processor, ICU.</summary>
    public static IReadOnlyList<Check> All() => [Runtime(), Platform(), Processor(), Icu()];

    /// <summary>The processor as it calls itself.</summary>
    public static string ProcessorName => LineOf("/proc/cpuinfo", "model name") ?? "unknown processor";

    private static Check Runtime() => new("runtime", true, $"{RuntimeInformation.FrameworkDescription}, proxima {ProductVersion.Text}");

    private static Check Platform() => new(
        "system",
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}",
        "the native libraries are for Linux on x64: run Proxima there");

    private static Check Processor()
    {
        (string Name, bool IsThere)[] extensions =
        [
            ("AVX", Avx.IsSupported),
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("AVX-512F", Avx512F.IsSupported),
            ("AVX-512BW", Avx512BW.IsSupported),
            ("AVX-512-BF16", HasProcessorFlag("avx512_bf16")),
            ("AMX-BF16", HasProcessorFlag("amx_bf16")),
        ];
        string[] there = [.. extensions.Where(extension => extension.IsThere).Select(extension => extension.Name)];
        return new Check(
            "processor", true, $"{ProcessorName}, {Environment.ProcessorCount} cores, {(there.Length == 0 ? "no AVX" : string.Join(' ', there))}");
    }

    /// <summary>Tokenizers normalise text: without ICU that silently does nothing for many scripts.</summary>
    private static Check Icu()
    {
        bool isInvariant = AppContext.TryGetSwitch("System.Globalization.Invariant", out bool invariant) && invariant;
        bool normalises = !isInvariant && "ﬁ é".Normalize(NormalizationForm.FormKC) == "fi é";
        return new Check(
            "ICU",
            normalises,
            normalises ? "text is normalised" : "text is not normalised",
            "install the ICU library (Debian: apt-get install libicu-dev, or libicu72 on Debian 12) and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT");
    }

    private static bool HasProcessorFlag(string flag) => LineOf("/proc/cpuinfo", "flags")?.Split(' ').Contains(flag) ?? false;

    /// <summary>What stands behind "key:" in a file of the kernel; null without such a file or line.</summary>
    private static string? LineOf(string path, string key) => !File.Exists(path)
        ? null
        : File.ReadLines(path)
            .Where(line => line.StartsWith(key, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault();
}
