namespace Proxima.Text.Templates;

/// <summary>Why a template could not be rendered.</summary>
public enum TemplateErrorKind
{
    /// <summary>The template called <c>raise_exception</c>: it refuses the dialogue, and its message says why.</summary>
    RaiseException,

    /// <summary>The text is no template.</summary>
    Syntax,

    /// <summary>The template reached for what the sandbox keeps closed.</summary>
    Security,

    /// <summary>Something was done with a value that is not defined.</summary>
    Undefined,

    /// <summary>An operation failed: wrong types, a missing key, a division by zero.</summary>
    Runtime,

    /// <summary>The template took more steps, depth or output than it is allowed.</summary>
    Budget,
}
