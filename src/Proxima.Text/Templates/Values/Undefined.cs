namespace Proxima.Text.Templates.Values;

/// <summary>A value that is not there: prints nothing, is false and empty, and fails in any other use.</summary>
internal sealed class Undefined
{
    private readonly TemplateErrorKind _kind;
    private readonly string _message;

    private Undefined(TemplateErrorKind kind, string message)
    {
        _kind = kind;
        _message = message;
    }

    /// <summary>A variable that nobody set.</summary>
    public static Undefined Variable(string name) => new(TemplateErrorKind.Undefined, $"'{name}' is undefined");

    /// <summary>A value that is not there for a reason of its own.</summary>
    public static Undefined Because(string message) => new(TemplateErrorKind.Undefined, message);

    /// <summary>An attribute or element that an object does not have.</summary>
    public static Undefined Member(object? owner, object? key) => new(
        TemplateErrorKind.Undefined,
        key is string name
            ? $"'{PyType.Describe(owner)}' has no attribute '{name}'"
            : $"{PyType.Describe(owner)} has no element {PyText.Repr(key)}");

    /// <summary>An attribute that the sandbox keeps closed.</summary>
    public static Undefined Closed(object? owner, string name) =>
        new(TemplateErrorKind.Security, $"access to attribute '{name}' of '{PyType.Name(owner)}' object is unsafe.");

    /// <summary>The error of using it.</summary>
    public TemplateException Failure() => new(_kind, _message);
}
