using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>The filters by name.</summary>
internal static class FilterTable
{
    private static readonly Dictionary<string, Func<RenderState, object?, Arguments, object?>> All = new(StringComparer.Ordinal)
    {
        ["abs"] = Simple(NumberFilters.Absolute),
        ["attr"] = Simple(SequenceFilters.Attribute),
        ["batch"] = Simple(SequenceFilters.Batch),
        ["capitalize"] = Simple(TextFilters.Capitalize),
        ["center"] = Simple(TextFilters.Center),
        ["count"] = Simple(SequenceFilters.Length),
        ["d"] = Simple(SequenceFilters.Default),
        ["default"] = Simple(SequenceFilters.Default),
        ["dictsort"] = Simple(OrderFilters.DictSort),
        ["e"] = Simple(MarkupFilters.Escape),
        ["escape"] = Simple(MarkupFilters.Escape),
        ["filesizeformat"] = Simple(NumberFilters.FileSize),
        ["first"] = Simple(SequenceFilters.First),
        ["float"] = Simple(NumberFilters.Float),
        ["forceescape"] = Simple(MarkupFilters.ForceEscape),
        ["format"] = Simple(TextFilters.Format),
        ["groupby"] = Simple(OrderFilters.GroupBy),
        ["indent"] = Simple(TextFilters.Indent),
        ["int"] = Simple(NumberFilters.Int),
        ["items"] = Simple(SequenceFilters.Items),
        ["join"] = SequenceFilters.Join,
        ["last"] = Simple(SequenceFilters.Last),
        ["length"] = Simple(SequenceFilters.Length),
        ["list"] = Simple(SequenceFilters.List),
        ["lower"] = Simple(TextFilters.Lower),
        ["map"] = SelectionFilters.Map,
        ["max"] = Simple(OrderFilters.Maximum),
        ["min"] = Simple(OrderFilters.Minimum),
        ["pprint"] = Refused("pprint", "it breaks lines for reading"),
        ["random"] = Refused("random", "a rendering must be repeatable"),
        ["reject"] = (state, value, arguments) => SelectionFilters.Select(state, value, arguments, Keep.Failing),
        ["rejectattr"] = (state, value, arguments) => SelectionFilters.SelectAttribute(state, value, arguments, Keep.Failing),
        ["replace"] = TextFilters.Replace,
        ["reverse"] = Simple(SequenceFilters.Reverse),
        ["round"] = Simple(NumberFilters.Round),
        ["safe"] = Simple(MarkupFilters.Safe),
        ["select"] = (state, value, arguments) => SelectionFilters.Select(state, value, arguments, Keep.Passing),
        ["selectattr"] = (state, value, arguments) => SelectionFilters.SelectAttribute(state, value, arguments, Keep.Passing),
        ["slice"] = Simple(SequenceFilters.Slice),
        ["sort"] = Simple(OrderFilters.Sort),
        ["string"] = Simple(TextFilters.String),
        ["striptags"] = Simple(MarkupFilters.StripTags),
        ["sum"] = Simple(NumberFilters.Sum),
        ["title"] = Simple(TextFilters.Title),
        ["tojson"] = Simple(JsonFilter.ToJson),
        ["trim"] = Simple(TextFilters.Trim),
        ["truncate"] = Simple(TextFilters.Truncate),
        ["unique"] = Simple(OrderFilters.Unique),
        ["upper"] = Simple(TextFilters.Upper),
        ["urlencode"] = Simple(MarkupFilters.UrlEncode),
        ["urlize"] = Refused("urlize", "it makes links for web pages"),
        ["wordcount"] = Simple(TextFilters.WordCount),
        ["wordwrap"] = Simple(WordWrap.Filter),
        ["xmlattr"] = MarkupFilters.XmlAttributes,
    };

    public static bool Has(string name) => All.ContainsKey(name);

    /// <exception cref="TemplateException">there is no such filter, or it fails</exception>
    public static object? Apply(string name, RenderState state, object? value, Arguments arguments)
    {
        Meter.Step();
        return All.TryGetValue(name, out Func<RenderState, object?, Arguments, object?>? filter)
            ? filter(state, value, arguments)
            : throw TemplateException.Runtime($"No filter named '{name}' found.");
    }

    private static Func<RenderState, object?, Arguments, object?> Simple(Func<object?, Arguments, object?> filter) =>
        (_, value, arguments) => filter(value, arguments);

    private static Func<RenderState, object?, Arguments, object?> Refused(string name, string reason) =>
        (_, _, _) => throw TemplateException.Runtime($"the filter '{name}' is not to be had in a chat template: {reason}");
}
