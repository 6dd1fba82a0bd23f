using System.Numerics;
using System.Text;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Methods;

/// <summary>Methods that look for a text in another.</summary>
internal static class SearchMethods
{
    public static object? Count(string text, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("count", 1, "sub", "start", "end");
        string sought = bound.Text(0);
        if (!TryPart(text, bound, out string part, out _))
        {
            return BigInteger.Zero;
        }

        if (sought.Length == 0)
        {
            return new BigInteger(CodePoints.Length(part) + 1);
        }

        Meter.Search(part.Length, sought.Length);
        int count = 0;
        for (int at = part.IndexOf(sought, StringComparison.Ordinal); at >= 0; at = part.IndexOf(sought, at + sought.Length, StringComparison.Ordinal))
        {
            count++;
            Meter.Step();
        }

        return new BigInteger(count);
    }

    /// <summary>Whether the text begins (or ends) with a text or one of several.</summary>
    public static object? HasAffix(string text, Arguments arguments, Side side)
    {
        string name = side == Side.Left ? "startswith" : "endswith";
        BoundArguments bound = arguments.Bind(name, 1, "affix", "start", "end");
        IReadOnlyList<object?> affixes = bound[0] is PyTuple tuple ? tuple.Items : [bound[0]];
        string[] sought = [.. affixes.Select(affix => PyConvert.IsText(affix)
            ? PyConvert.ToText(affix)
            : throw TemplateException.Runtime($"{name} first arg must be str or a tuple of str, not {PyType.Name(affix)}"))];
        return TryPart(text, bound, out string part, out _) && Array.Exists(sought, affix => side == Side.Left
            ? part.StartsWith(affix, StringComparison.Ordinal)
            : part.EndsWith(affix, StringComparison.Ordinal));
    }

    /// <summary>Where a text is found first (or last), in code points; −1 when it is not.</summary>
    public static object? Find(string text, Arguments arguments, Side side)
    {
        BoundArguments bound = arguments.Bind(side == Side.Left ? "find" : "rfind", 1, "sub", "start", "end");
        string sought = bound.Text(0);
        if (!TryPart(text, bound, out string part, out int offset))
        {
            return BigInteger.MinusOne;
        }

        Meter.Search(part.Length, sought.Length);
        int at = side == Side.Left
            ? part.IndexOf(sought, StringComparison.Ordinal)
            : part.LastIndexOf(sought, StringComparison.Ordinal);
        return new BigInteger(at < 0 ? -1 : offset + CodePoints.Length(part.AsSpan(0, at)));
    }

    /// <summary>As <see cref="Find"/>, but not finding it is an error.</summary>
    public static object? Index(string text, Arguments arguments, Side side) =>
        Find(text, arguments, side) is BigInteger place && place.Sign >= 0
            ? place
            : throw TemplateException.Runtime("substring not found");

    public static object? Replace(string text, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("replace", 2, "old", "new", "count");
        return Replace(text, bound.Text(0), bound.Text(1), bound.Int(2, -1));
    }

    /// <summary>With a text in place of another.</summary>
    /// <param name="text">the text</param>
    /// <param name="old">what goes; "" stands between all characters</param>
    /// <param name="replacement">what comes</param>
    /// <param name="most">how often at most; negative: always</param>
    public static string Replace(string text, string old, string replacement, int most)
    {
        Meter.Search(text.Length, old.Length);
        Meter.Allocate(text.Length);
        StringBuilder output = new();
        int at = 0;
        int count = 0;
        while ((most < 0 || count < most) && NextMatch(text, old, at, count) is var next and >= 0)
        {
            Meter.Allocate(replacement.Length);
            output.Append(text, at, next - at).Append(replacement);
            at = next + old.Length;
            count++;
        }

        return output.Append(text, at, text.Length - at).ToString();
    }

    public static object? Join(string separator, Arguments arguments)
    {
        StringBuilder output = new();
        int count = 0;
        foreach (object? item in Iteration.Over(arguments.Bind("join", 1, "iterable")[0]))
        {
            if (!PyConvert.IsText(item))
            {
                throw TemplateException.Runtime($"sequence item {count}: expected str instance, {PyType.Name(item)} found");
            }

            string text = PyConvert.ToText(item);
            Meter.Allocate((long)separator.Length + text.Length);
            output.Append(count++ > 0 ? separator : string.Empty).Append(text);
        }

        return output.ToString();
    }

    private static int NextMatch(string text, string old, int at, int count)
    {
        if (old.Length > 0)
        {
            return text.IndexOf(old, at, StringComparison.Ordinal);
        }

        if (count == 0)
        {
            return 0;
        }

        return at < text.Length ? at + (CodePoints.At(text, at) > char.MaxValue ? 2 : 1) : -1;
    }

    /// <summary>The part between the arguments start and end; false when start is behind the end.</summary>
    private static bool TryPart(string text, BoundArguments bound, out string part, out int offset)
    {
        (part, offset) = (text, 0);
        if (bound[1] is null && bound[2] is null)
        {
            return true;
        }

        int length = CodePoints.Length(text);
        int start = bound[1] is null ? 0 : Place(PyConvert.ToInt(bound[1]), length);
        int end = bound[2] is null ? length : Math.Min(length, Place(PyConvert.ToInt(bound[2]), length));
        if (start > end)
        {
            return false;
        }

        Meter.Allocate(text.Length);
        part = text[CodePoints.IndexOf(text, start)..CodePoints.IndexOf(text, end)];
        offset = start;
        return true;
    }

    private static int Place(int index, int length) => (int)Math.Max(0, index < 0 ? (long)index + length : index);
}
