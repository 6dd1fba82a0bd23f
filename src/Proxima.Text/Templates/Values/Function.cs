namespace Proxima.Text.Templates.Values;

/// <summary>A function or method that the engine offers.</summary>
internal sealed class Function : Callable
{
    private readonly Func<Arguments, object?> _body;

    public Function(string name, Func<Arguments, object?> body)
    {
        Name = name;
        _body = body;
    }

    public string Name { get; }

    public override object? Call(Arguments arguments) => _body(arguments);
}
