namespace Proxima.Text.PreTokenizers;

/// <summary>Where the visible space is put before a text.</summary>
internal enum PrependScheme
{
    /// <summary>Before every stretch between added tokens.</summary>
    Always,

    /// <summary>Before the stretch at the start of the whole input.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}
