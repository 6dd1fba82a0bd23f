namespace Proxima.Core.Binding;

/// <summary>The kind of value that an argument takes.</summary>
public sealed class ArgumentType
{
    internal ArgumentType(Type type)
    {
        if (type.IsEnum)
        {
            Choices = EnumText.All(type);
            ShortName = string.Join(" | ", Choices.Select(Quoted));
            Words = $"one of {string.Join(", ", Choices.Select(Quoted))}";
            return;
        }

        (ShortName, Words) = Names.TryGetValue(type, out (string Short, string Words) names)
            ? names
            : throw new NotSupportedException($"no argument can have the type {type}");
    }

    /// <summary>For tables: "int", "number", "true | false", the values of a choice.</summary>
    public string ShortName { get; }

    /// <summary>For messages: "a whole number", "one of linear, cosine".</summary>
    public string Words { get; }

    /// <summary>The values of a choice; empty for other types.</summary>
    public IReadOnlyList<string> Choices { get; } = [];

    private static Dictionary<Type, (string Short, string Words)> Names { get; } = new()
    {
        [typeof(int)] = ("int", "a whole number"),
        [typeof(long)] = ("int", "a whole number"),
        [typeof(double)] = ("number", "a number"),
        [typeof(bool)] = ("true | false", "true or false"),
        [typeof(string)] = ("text", "a text"),
        [typeof(IReadOnlyList<int>)] = ("list of int", "a list of whole numbers"),
        [typeof(IReadOnlyList<string>)] = ("list of text", "a list of texts"),
    };

    private static string Quoted(string choice) => choice.Length == 0 ? "\"\"" : choice;
}
