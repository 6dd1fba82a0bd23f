namespace Proxima.Models.Native;

/// <summary>Ends the process while other threads are inside libtorch.</summary>
public static class ProcessEnd
{
    /// <summary>
    /// Leaves at once, without the clean-up of a normal exit: that would destroy libtorch's objects below the threads that use them.
    /// </summary>
    public static void Now(int exitCode) => Libc.ExitAtOnce(exitCode);
}
