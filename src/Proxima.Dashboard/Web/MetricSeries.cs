namespace Proxima.Dashboard.Web;

/// <summary>One metric of a run: its numbers and the steps they belong to, in the order of the file. NaN where the file says null.</summary>
public sealed class MetricSeries
{
    private readonly List<int> _lines = [];
    private readonly List<int> _steps = [];
    private readonly List<float> _values = [];

    /// <summary>Points so far.</summary>
    public int Count => _steps.Count;

    /// <summary>Steps, ascending.</summary>
    public IReadOnlyList<int> Steps => _steps;

    /// <summary>A number for each step.</summary>
    public IReadOnlyList<float> Values => _values;

    /// <summary>Adds a point.</summary>
    /// <param name="line">number of its line in the file, from 0, ascending</param>
    /// <param name="step">step it belongs to</param>
    /// <param name="value">the number</param>
    public void Add(int line, int step, float value)
    {
        _lines.Add(line);
        _steps.Add(step);
        _values.Add(value);
    }

    /// <summary>Index of the first point of this line or a later one; <see cref="Count"/> when there is none.</summary>
    public int FirstSince(int line)
    {
        int found = _lines.BinarySearch(line);
        return found >= 0 ? found : ~found;
    }
}
