using Proxima.Text.Templates.Formatting;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Methods;

/// <summary>Methods of strings. Those of an escaped string give escaped strings.</summary>
internal static class StringMethods
{
    private static readonly Dictionary<string, Func<string, Arguments, object?>> All = new(StringComparer.Ordinal)
    {
        ["capitalize"] = Plain("capitalize", CaseMapping.Capitalize),
        ["casefold"] = Plain("casefold", CaseMapping.Fold),
        ["lower"] = Plain("lower", CaseMapping.Lower),
        ["swapcase"] = Plain("swapcase", CaseMapping.Swap),
        ["title"] = Plain("title", CaseMapping.Title),
        ["upper"] = Plain("upper", CaseMapping.Upper),
        ["center"] = PaddingMethods.Center,
        ["expandtabs"] = PaddingMethods.ExpandTabs,
        ["ljust"] = PaddingMethods.LeftJustify,
        ["rjust"] = PaddingMethods.RightJustify,
        ["zfill"] = PaddingMethods.ZeroFill,
        ["lstrip"] = (text, arguments) => StripMethods.FromArguments(text, arguments, Side.Left),
        ["rstrip"] = (text, arguments) => StripMethods.FromArguments(text, arguments, Side.Right),
        ["strip"] = (text, arguments) => StripMethods.FromArguments(text, arguments, Side.Both),
        ["removeprefix"] = StripMethods.RemovePrefix,
        ["removesuffix"] = StripMethods.RemoveSuffix,
        ["partition"] = SplitMethods.Partition,
        ["rpartition"] = SplitMethods.PartitionFromEnd,
        ["split"] = SplitMethods.Split,
        ["rsplit"] = SplitMethods.SplitFromEnd,
        ["splitlines"] = SplitMethods.SplitLines,
        ["count"] = SearchMethods.Count,
        ["endswith"] = (text, arguments) => SearchMethods.HasAffix(text, arguments, Side.Right),
        ["startswith"] = (text, arguments) => SearchMethods.HasAffix(text, arguments, Side.Left),
        ["find"] = (text, arguments) => SearchMethods.Find(text, arguments, Side.Left),
        ["rfind"] = (text, arguments) => SearchMethods.Find(text, arguments, Side.Right),
        ["index"] = (text, arguments) => SearchMethods.Index(text, arguments, Side.Left),
        ["rindex"] = (text, arguments) => SearchMethods.Index(text, arguments, Side.Right),
        ["replace"] = SearchMethods.Replace,
        ["join"] = SearchMethods.Join,
        ["format"] = BraceFormat.Format,
        ["format_map"] = (text, arguments) => BraceFormat.Format(text, Mapping(arguments)),
        ["isalnum"] = ClassMethods.All(CharacterClasses.IsAlphanumeric),
        ["isalpha"] = ClassMethods.All(CharacterClasses.IsAlpha),
        ["isascii"] = (text, _) => System.Text.Ascii.IsValid(text),
        ["isdecimal"] = ClassMethods.All(CharacterClasses.IsDecimal),
        ["isdigit"] = ClassMethods.All(CharacterClasses.IsDigit),
        ["isidentifier"] = (text, _) => Syntax.Identifiers.IsValid(text),
        ["islower"] = ClassMethods.Cased(CharacterClasses.IsLower),
        ["isnumeric"] = ClassMethods.All(CharacterClasses.IsNumeric),
        ["isprintable"] = ClassMethods.AllOrEmpty(CharacterClasses.IsPrintable),
        ["isspace"] = ClassMethods.All(CharacterClasses.IsSpace),
        ["istitle"] = ClassMethods.IsTitle,
        ["isupper"] = ClassMethods.Cased(CharacterClasses.IsUpper),
    };

    /// <summary>A method bound to a string or escaped string.</summary>
    public static bool TryGet(object owner, string name, out object? method)
    {
        bool found = All.TryGetValue(name, out Func<string, Arguments, object?>? body);
        method = (owner, body) switch
        {
            (_, null) => null,
            (SafeString safe, _) => new Function(name, arguments => CallSafe(safe, name, body, arguments)),
            _ => new Function(name, arguments => body((string)owner, arguments)),
        };
        return found;
    }

    private static object? CallSafe(SafeString owner, string name, Func<string, Arguments, object?> body, Arguments arguments)
    {
        switch (name)
        {
            case "format" or "format_map":
                Arguments fields = name == "format" ? arguments : Mapping(arguments);
                return new SafeString(BraceFormat.FormatEscaped(owner.Text, fields));
            case "join":
                IEnumerable<object?> items = Iteration.Over(arguments.Bind(name, 1, "iterable")[0]);
                return body(owner.Text, new Arguments([new PyList([.. items.Select(item => (object)SafeString.Escape(item).Text)])], new PyDict())) is string joined
                    ? new SafeString(joined)
                    : null;
            case "replace" when arguments.Positional.Count >= 2:
                object?[] escaped = [.. arguments.Positional];
                escaped[1] = SafeString.Escape(escaped[1]).Text;
                return Wrap(body(owner.Text, new Arguments(escaped, arguments.Keyword)));
            default:
                return Wrap(body(owner.Text, arguments));
        }
    }

    private static object? Wrap(object? result) => result switch
    {
        string text => new SafeString(text),
        PyList list => new PyList([.. list.Items.Select(Wrap)]),
        PyTuple tuple => new PyTuple([.. tuple.Items.Select(Wrap)]),
        _ => result,
    };

    private static Arguments Mapping(Arguments arguments) => arguments.Bind("format_map", 1, "mapping")[0] is PyDict dict
        ? new Arguments([], dict)
        : throw TemplateException.Runtime("format_map() takes a mapping");

    private static Func<string, Arguments, object?> Plain(string name, Func<string, string> map) => (text, arguments) =>
    {
        arguments.ExpectNone(name);
        return map(text);
    };
}
