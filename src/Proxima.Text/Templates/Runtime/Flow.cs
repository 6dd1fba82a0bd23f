namespace Proxima.Text.Templates.Runtime;

/// <summary>How statements ended.</summary>
internal enum Flow
{
    /// <summary>They were done.</summary>
    Done,

    /// <summary>The loop around them is to end.</summary>
    Break,

    /// <summary>The loop around them is to go to its next turn.</summary>
    Continue,
}
