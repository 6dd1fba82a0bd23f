namespace Proxima.Models.Native;

/// <summary>Settings of libgomp and malloc that must be made before libtorch is loaded (measured in docs/adr/native-loading.md).</summary>
internal static class ProcessTuning
{
    private static readonly string[] WaitVariables = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"];

    /// <summary>Makes the settings; what the user has set in the environment stays.</summary>
    public static void Apply()
    {
        // Workers that spin for long at a barrier are 5 to 10 times slower as soon as another process takes a core;
        // workers that sleep at once are 2 times slower on a quiet machine. A short spin costs neither.
        if (WaitVariables.All(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))))
        {
            _ = Libc.SetVariable("GOMP_SPINCOUNT", "1000", overwrite: 0);
        }

        // A training step allocates and frees the same big blocks each time: keep them instead of asking the kernel for
        // fresh zeroed pages.
        _ = Libc.SetMallocOption(Libc.MallocMmapMaximum, 0);
        _ = Libc.SetMallocOption(Libc.MallocTrimThreshold, 512 << 20);
        _ = Libc.SetMallocOption(Libc.MallocTopPad, 16 << 20);
        _ = Libc.SetMallocOption(Libc.MallocArenaMaximum, 1);
    }
}
