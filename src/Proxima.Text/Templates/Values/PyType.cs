using System.Numerics;

namespace Proxima.Text.Templates.Values;

/// <summary>Python's names of types, for messages.</summary>
internal static class PyType
{
    public static string Name(object? value) => value switch
    {
        null => "NoneType",
        Undefined => "Undefined",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        string => "str",
        SafeString => "Markup",
        PyList => "list",
        PyTuple => "tuple",
        PyDict => "dict",
        DictView { Part: DictPart.Keys } => "dict_keys",
        DictView { Part: DictPart.Values } => "dict_values",
        DictView => "dict_items",
        PyRange => "range",
        PyIterator iterator => iterator.TypeName,
        Function => "function",
        _ => value.GetType().Name,
    };

    /// <summary>As messages about members name a value: None, or its type and "object".</summary>
    public static string Describe(object? value) => value is null ? "None" : $"{Name(value)} object";
}
