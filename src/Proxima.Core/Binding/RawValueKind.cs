namespace Proxima.Core.Binding;

/// <summary>How a value was written.</summary>
internal enum RawValueKind
{
    /// <summary>On the command line, where a number and a text look alike.</summary>
    Word,

    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>A JSON true or false.</summary>
    Boolean,

    /// <summary>A JSON null.</summary>
    Null,

    /// <summary>A JSON array.</summary>
    List,

    /// <summary>Nothing where a value belongs.</summary>
    Missing,
}
