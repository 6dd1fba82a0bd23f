using System.Runtime.InteropServices;

namespace Proxima.Tests.Reliability;

/// <summary>What the processor has worked for the calling thread.</summary>
internal static partial class ThreadTime
{
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID

    public static TimeSpan Now
    {
        get
        {
            Assert.Equal(0, Read(ThreadClock, out Instant instant));
            return TimeSpan.FromSeconds(instant.Seconds) + TimeSpan.FromMicroseconds(instant.Nanoseconds / 1000.0);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Instant instant);

    [StructLayout(LayoutKind.Sequential)]
    private struct Instant
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
