namespace Proxima.Text.Templates;

/// <summary>A template is wrong, refuses its input, or took too much.</summary>
public sealed class TemplateException : Exception
{
    public TemplateException(TemplateErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
    }

    public TemplateErrorKind Kind { get; }

    internal static TemplateException Syntax(string message, int line) =>
        new(TemplateErrorKind.Syntax, $"line {line}: {message}");

    internal static TemplateException Runtime(string message) => new(TemplateErrorKind.Runtime, message);
}
