using System.Text.Json;

namespace Proxima.Tests.Text;

/// <summary>Compares many values and shows the first few that differ.</summary>
internal sealed class Mismatches
{
    private const int Shown = 5;

    private readonly List<string> _messages = [];
    private int _compared;

    public void Compare<T>(string what, T expected, T actual)
    {
        _compared++;
        string expectedJson = JsonSerializer.Serialize(expected);
        string actualJson = JsonSerializer.Serialize(actual);
        if (!string.Equals(expectedJson, actualJson, StringComparison.Ordinal))
        {
            _messages.Add($"{JsonSerializer.Serialize(what)}: expected {expectedJson}, got {actualJson}");
        }
    }

    public void AssertNone(int expectedComparisons)
    {
        Assert.Equal(expectedComparisons, _compared);
        Assert.True(
            _messages.Count == 0,
            $"{_messages.Count} of {_compared} differ:\n{string.Join('\n', _messages.Take(Shown))}");
    }
}
