using Proxima.Training;

namespace Proxima.Tests.Training;

public sealed class ProcessMemoryTests
{
    [Theory]
    [InlineData("VmHWM:\t  123456 kB", 123456)]
    [InlineData("VmRSS:\t14287108 kB", 14287108)] // 10 GB and more fill the column
    public void A_line_of_the_kernel_holds_a_number_behind_blanks_or_a_tab(string line, double expected) => Assert.Equal(expected, ProcessMemory.Kilobytes(line));
}
