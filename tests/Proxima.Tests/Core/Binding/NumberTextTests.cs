using System.Globalization;
using CsCheck;
using Proxima.Core.Binding;

namespace Proxima.Tests.Core.Binding;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0.2, "0.2")]
    [InlineData(5e-5, "5e-5")]
    [InlineData(1e-8, "1e-8")]
    [InlineData(10000, "10000")]
    [InlineData(-1, "-1")]
    [InlineData(1.5e300, "1.5e300")]
    public void Numbers_are_short(double number, string expected)
    {
        Assert.Equal(expected, NumberText.Of(number));
    }

    [Fact]
    public void The_text_gives_the_same_number_back()
    {
        Gen.Double.Where(double.IsFinite).Sample(number =>
            BitConverter.DoubleToInt64Bits(double.Parse(NumberText.Of(number), CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(number));
    }
}
