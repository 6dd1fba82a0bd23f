namespace Proxima.Text.Normalizers;

/// <summary>One normalizer after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> steps) : INormalizer
{
    public SourceText Normalize(SourceText source) =>
        steps.Aggregate(source, (text, step) => step.Normalize(text));
}
