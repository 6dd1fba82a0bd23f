namespace Proxima.Text;

/// <summary>The ids with a meaning of their own; null where there is none.</summary>
internal sealed record SpecialIds
{
    public int? Bos { get; init; }

    public int? Eos { get; init; }

    public int? Pad { get; init; }

    public int? Unk { get; init; }
}
