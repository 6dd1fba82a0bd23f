namespace Proxima.Models.Native;

/// <summary>The heap that libtorch's tensors lie in.</summary>
public static class NativeHeap
{
    private const int StepsBetweenTrims = 10;

    /// <summary>
    /// Gives the free pages within the heap back to the kernel after every tenth step. Blocks of changing sizes leave holes, so
    /// the heap of a long run would grow without a leak (docs/adr/native-loading.md).
    /// </summary>
    /// <param name="step">number of the step that has ended, from 1</param>
    public static void AfterStep(int step)
    {
        if (step % StepsBetweenTrims == 0)
        {
            _ = Libc.TrimHeap(0);
        }
    }
}
