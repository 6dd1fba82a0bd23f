namespace Proxima.Models;

/// <summary>What becomes of a model's memory while it is not at work.</summary>
public enum ModelResidence
{
    Stays,
    Leaves,
}
