namespace Proxima.Generation.Fused;

/// <summary>A prompt that a lane is reading.</summary>
internal sealed class LanePrompt(int[] tokens, SamplingRow[] rows, PageTable pages)
{
    public PageTable Pages => pages;

    /// <summary>The responses that begin after it.</summary>
    public SamplingRow[] Rows => rows;

    /// <summary>Tokens read so far.</summary>
    public int Read { get; private set; }

    public bool IsRead => Read == tokens.Length;

    /// <summary>Puts as many of the tokens into a step as it has room for.</summary>
    public void AddTo(StepBatch batch)
    {
        int count = Math.Min(batch.Room, tokens.Length - Read);
        if (count > 0)
        {
            batch.Add(pages, tokens.AsSpan(Read, count), Read);
            Read += count;
        }
    }
}
