namespace Proxima.Text.Templates.Values;

/// <summary>An object whose attributes a template may set.</summary>
internal sealed class Namespace
{
    public Namespace(PyDict attributes)
    {
        Attributes = attributes;
    }

    public PyDict Attributes { get; }

    /// <exception cref="TemplateException">the name starts with an underscore</exception>
    public void Set(string name, object? value)
    {
        if (name.StartsWith('_'))
        {
            throw new TemplateException(
                TemplateErrorKind.Security,
                $"Chat templates cannot store underscore-prefixed attributes on a namespace, but got '{name}'. Please rename the attribute.");
        }

        Attributes.Set(name, value);
    }
}
