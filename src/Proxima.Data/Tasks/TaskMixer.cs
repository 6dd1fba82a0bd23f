using Proxima.Core;

namespace Proxima.Data.Tasks;

/// <summary>
/// The order in which examples are seen: each draw picks a source by weight, then the next example of that source's
/// permutation, which is drawn anew each pass. A function of the seed alone: every rank of a distributed run makes the
/// same draws and takes its own share of them.
/// </summary>
public sealed class TaskMixer
{
    private readonly double[] _cumulative;
    private readonly int[] _lines;
    private readonly long[] _sourceDraws;
    private readonly (long Pass, int[] Order)?[] _orders;
    private readonly long _seed;
    private readonly TaskPurpose _purpose;
    private long _draws;

    /// <param name="lines">number of examples of each source, each at least 1</param>
    /// <param name="weights">positive weight of each source, in any scale</param>
    /// <param name="seed">seed of the run</param>
    /// <param name="purpose">keeps mixers of one run apart</param>
    public TaskMixer(IReadOnlyList<int> lines, IReadOnlyList<double> weights, long seed, TaskPurpose purpose)
    {
        if (lines.Count == 0 || lines.Count != weights.Count)
        {
            throw new ArgumentException($"expected one weight for each of one or more sources, got {weights.Count} for {lines.Count}", nameof(weights));
        }

        _lines = [.. lines];
        _cumulative = new double[_lines.Length];
        for (int i = 0; i < _lines.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_lines[i], nameof(lines));
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weights[i], nameof(weights));
            _cumulative[i] = weights[i] + (i > 0 ? _cumulative[i - 1] : 0);
        }

        _sourceDraws = new long[_lines.Length];
        _orders = new (long, int[])?[_lines.Length];
        _seed = seed;
        _purpose = purpose;
    }

    /// <summary>Examples of all sources together.</summary>
    public long LineCount => _lines.Sum(n => (long)n);

    /// <summary>How many examples were drawn.</summary>
    public long Draws => _draws;

    /// <summary>The place in the sequence.</summary>
    public TaskMixerState State => new() { SourceDraws = [.. _sourceDraws], SourceLines = [.. _lines] };

    /// <summary>The next example.</summary>
    public TaskDraw Next()
    {
        int source = ChooseSource();
        long number = _sourceDraws[source]++;
        _draws++;
        (long pass, long place) = Math.DivRem(number, _lines[source]);
        return new TaskDraw(source, OrderOf(source, pass)[place]);
    }

    /// <summary>The next <paramref name="count"/> examples.</summary>
    public IReadOnlyList<TaskDraw> Next(int count)
    {
        TaskDraw[] draws = new TaskDraw[count];
        for (int i = 0; i < count; i++)
        {
            draws[i] = Next();
        }

        return draws;
    }

    /// <summary>Goes back over the last <paramref name="count"/> draws, so that they come again.</summary>
    public void Rewind(long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _draws);
        for (; count > 0; count--)
        {
            _draws--;
            _sourceDraws[ChooseSource()]--; // a choice is a function of its number
        }
    }

    /// <summary>Steps of an epoch: ceil(examples ÷ examples of a step over all ranks).</summary>
    public long StepsPerEpoch(int globalBatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(globalBatchSize);
        return (LineCount + globalBatchSize - 1) / globalBatchSize;
    }

    /// <summary>Goes to a place that <see cref="State"/> gave.</summary>
    /// <exception cref="ProximaException">the sources are not those of the state</exception>
    public void Restore(TaskMixerState state)
    {
        if (!state.SourceLines.SequenceEqual(_lines) || state.SourceDraws.Count != _lines.Length || state.SourceDraws.Any(n => n < 0))
        {
            throw new ProximaException(
                ExitCode.Data,
                $"the checkpoint's data cursor is for sources of {string.Join(", ", state.SourceLines)} lines, the task has sources of "
                + $"{string.Join(", ", _lines)}. Expected the same data; resume with the task files and data of the run.");
        }

        state.SourceDraws.ToArray().CopyTo(_sourceDraws, 0);
        _draws = _sourceDraws.Sum();
    }

    private int ChooseSource()
    {
        CounterRandom random = new(_seed, RandomPurpose.SourceChoice, _draws, (long)_purpose);
        double target = random.NextDouble() * _cumulative[^1];
        int source = Array.FindIndex(_cumulative, edge => target < edge);
        return source < 0 ? _lines.Length - 1 : source;
    }

    private int[] OrderOf(int source, long pass)
    {
        if (_orders[source] is { } known && known.Pass == pass)
        {
            return known.Order;
        }

        // The purpose stands above the source so that no two mixers of a run share a key.
        CounterRandom random = new(_seed, RandomPurpose.DataOrder, ((long)_purpose << 32) + source, pass);
        int[] order = random.Permutation(_lines[source]);
        _orders[source] = (pass, order);
        return order;
    }
}
