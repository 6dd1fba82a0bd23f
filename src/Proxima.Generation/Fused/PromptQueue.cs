namespace Proxima.Generation.Fused;

/// <summary>Prompts that wait, each with the rows that answer it. Lanes take from it whenever they have room.</summary>
internal sealed class PromptQueue(IReadOnlyList<int[]> prompts, IReadOnlyList<SamplingRow> rows)
{
    private int _next = -1;

    /// <summary>Responses to each prompt.</summary>
    public int Samples => rows.Count / prompts.Count;

    /// <summary>Responses to all prompts.</summary>
    public int Responses => rows.Count;

    /// <summary>Tokens of the longest prompt.</summary>
    public int LongestPrompt => prompts.Max(prompt => prompt.Length);

    /// <summary>Takes the next prompt; null when none is left.</summary>
    public (int[] Tokens, SamplingRow[] Rows)? Take()
    {
        int index = Interlocked.Increment(ref _next);
        return index < prompts.Count ? (prompts[index], [.. rows.Skip(index * Samples).Take(Samples)]) : null;
    }
}
