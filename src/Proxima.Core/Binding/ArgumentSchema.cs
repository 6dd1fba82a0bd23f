using System.Reflection;
using Proxima.Core.Settings;

namespace Proxima.Core.Binding;

/// <summary>
/// All arguments of a command, read from its root settings record: each property of the root holds a record
/// with <see cref="ArgumentGroupAttribute"/>, each property of that with <see cref="ArgumentAttribute"/> is an argument, unless
/// <see cref="WithoutAttribute"/> takes it away. Defaults are those of a new root record.
/// </summary>
public sealed class ArgumentSchema
{
    private readonly Type _rootType;
    private readonly Dictionary<string, ArgumentDefinition> _byName;

    private ArgumentSchema(Type rootType)
    {
        _rootType = rootType;
        object defaults = Activator.CreateInstance(rootType)!;
        Groups = [.. rootType.GetProperties().Select(property => Group(property, property.GetValue(defaults)!))];
        Arguments = [.. Groups.SelectMany(group => group.Arguments)];
        _byName = Arguments.ToDictionary(argument => argument.Name);
    }

    public IReadOnlyList<ArgumentGroup> Groups { get; }

    public IReadOnlyList<ArgumentDefinition> Arguments { get; }

    /// <summary>The schema of a root settings record.</summary>
    public static ArgumentSchema Of<TRoot>()
        where TRoot : class => new(typeof(TRoot));

    /// <summary>The argument of this name, or null.</summary>
    public ArgumentDefinition? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The argument of this name; it must exist.</summary>
    public ArgumentDefinition this[string name] =>
        Find(name) ?? throw new ArgumentException($"{name} is no argument of {_rootType.Name}", nameof(name));

    /// <summary>A root record with these values and defaults elsewhere.</summary>
    /// <param name="values">name → value of the argument's type</param>
    internal object Build(IReadOnlyDictionary<string, object?> values)
    {
        object root = Activator.CreateInstance(_rootType)!;
        foreach (IGrouping<PropertyInfo, ArgumentDefinition> ofGroup in Arguments.GroupBy(argument => argument.GroupProperty))
        {
            object group = ofGroup.Key.GetValue(root)!;
            foreach (ArgumentDefinition argument in ofGroup.Where(argument => values.ContainsKey(argument.Name)))
            {
                argument.SetIn(group, values[argument.Name]);
            }
        }

        return root;
    }

    private static ArgumentGroup Group(PropertyInfo groupProperty, object defaults)
    {
        Type type = groupProperty.PropertyType;
        string title = type.GetCustomAttribute<ArgumentGroupAttribute>()?.Title
            ?? throw new NotSupportedException($"{type.Name} has no [ArgumentGroup]");
        WithoutAttribute? without = groupProperty.GetCustomAttribute<WithoutAttribute>();
        return new ArgumentGroup(
            title,
            [.. type.GetProperties()
                .Where(property => property.IsDefined(typeof(ArgumentAttribute)))
                .Select(property => new ArgumentDefinition(groupProperty, property, property.GetValue(defaults)))
                .Where(argument => without?.Covers(argument.Name) != true)]);
    }
}
