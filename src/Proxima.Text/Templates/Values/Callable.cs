namespace Proxima.Text.Templates.Values;

/// <summary>Something that a template can call.</summary>
internal abstract class Callable
{
    public abstract object? Call(Arguments arguments);
}

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
