namespace Proxima.Text.Templates.Values;

/// <summary>The arguments of a call.</summary>
internal sealed class Arguments
{
    public static readonly Arguments None = new([], new PyDict());

    public Arguments(IReadOnlyList<object?> positional, PyDict keyword)
    {
        Positional = positional;
        Keyword = keyword;
    }

    public IReadOnlyList<object?> Positional { get; }

    /// <summary>Arguments by name; the keys are strings.</summary>
    public PyDict Keyword { get; }

    /// <summary>The arguments without the first positional ones.</summary>
    public Arguments Skip(int count) => new([.. Positional.Skip(count)], Keyword);

    /// <summary>Sorts the arguments into parameters.</summary>
    /// <param name="function">name of what is called, for messages</param>
    /// <param name="required">how many parameters must be given</param>
    /// <param name="names">names of the parameters in order</param>
    /// <exception cref="TemplateException">too many, too few or unknown arguments</exception>
    public BoundArguments Bind(string function, int required, params string[] names)
    {
        if (Positional.Count > names.Length)
        {
            throw TemplateException.Runtime($"{function}() takes at most {names.Length} arguments ({Positional.Count} given)");
        }

        object?[] values = new object?[names.Length];
        bool[] given = new bool[names.Length];
        for (int i = 0; i < Positional.Count; i++)
        {
            (values[i], given[i]) = (Positional[i], true);
        }

        foreach ((object? key, object? value) in Keyword.Entries)
        {
            int place = Array.IndexOf(names, (string)key!); // not null: keyword keys are strings
            if (place < 0 || given[place])
            {
                throw TemplateException.Runtime(
                    place < 0
                        ? $"{function}() got an unexpected keyword argument '{key}'"
                        : $"{function}() got multiple values for argument '{key}'");
            }

            (values[place], given[place]) = (value, true);
        }

        int missing = Array.FindIndex(given, 0, required, isGiven => !isGiven);
        return missing < 0
            ? new BoundArguments(values, given)
            : throw TemplateException.Runtime($"{function}() missing required argument: '{names[missing]}'");
    }

    /// <summary>Checks that there is nothing.</summary>
    public void ExpectNone(string function) => Bind(function, 0);
}
