using Proxima.Data.Examples;

namespace Proxima.Data.Batches;

/// <summary>Training examples as one rectangle, padded on the right.</summary>
public sealed record SupervisedBatch
{
    /// <summary>The tokens.</summary>
    public required PaddedBatch Tokens { get; init; }

    /// <summary>[B · T] true where the token is a target of the loss.</summary>
    public required bool[] LossMask { get; init; }

    /// <param name="examples">[B] what is put together</param>
    /// <param name="padId">what fills the rest</param>
    public static SupervisedBatch Create(IReadOnlyList<EncodedExample> examples, int padId)
    {
        PaddedBatch tokens = PaddedBatch.PadRight([.. examples.Select(example => example.Ids)], padId);
        bool[] lossMask = new bool[tokens.Rows * tokens.Width];
        for (int row = 0; row < tokens.Rows; row++)
        {
            examples[row].LossMask.CopyTo(lossMask, row * tokens.Width);
        }

        return new SupervisedBatch { Tokens = tokens, LossMask = lossMask };
    }
}
