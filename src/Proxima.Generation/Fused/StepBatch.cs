namespace Proxima.Generation.Fused;

/// <summary>The rows of one step: a token each of sequences that are being written, and pieces of prompts that are being read.</summary>
internal sealed class StepBatch(int capacity, int logitCapacity)
{
    private readonly int[] _tokens = new int[capacity];
    private readonly int[] _positions = new int[capacity];
    private readonly int[] _logitRows = new int[logitCapacity];
    private readonly List<StepRun> _runs = new(capacity);

    /// <summary>Rows, M.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows that may still be added.</summary>
    public int Room => capacity - Rows;

    /// <summary>Rows whose logits are wanted.</summary>
    public int LogitCount { get; private set; }

    public IReadOnlyList<StepRun> Runs => _runs;

    /// <summary>[M] token ids.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Rows);

    /// <summary>[M] place of each token in its sequence.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Rows);

    /// <summary>Rows whose logits are wanted, in order.</summary>
    public ReadOnlySpan<int> LogitRows => _logitRows.AsSpan(0, LogitCount);

    public void Clear()
    {
        (Rows, LogitCount) = (0, 0);
        _runs.Clear();
    }

    /// <summary>Adds tokens of one sequence.</summary>
    public void Add(PageTable pages, ReadOnlySpan<int> tokens, int firstPosition)
    {
        pages.Reserve(firstPosition + tokens.Length);
        _runs.Add(new(pages, Rows, firstPosition, tokens.Length));
        for (int i = 0; i < tokens.Length; i++)
        {
            _tokens[Rows + i] = tokens[i];
            _positions[Rows + i] = firstPosition + i;
        }

        Rows += tokens.Length;
    }

    /// <summary>Asks for the logits of the row added last.</summary>
    /// <returns>their place among all logits of the step</returns>
    public int WantLogits()
    {
        _logitRows[LogitCount] = Rows - 1;
        return LogitCount++;
    }
}
