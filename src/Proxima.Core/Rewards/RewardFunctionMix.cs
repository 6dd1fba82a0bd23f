using System.Globalization;
using Proxima.Core.Binding;

namespace Proxima.Core.Rewards;

/// <summary>The text of <c>reward_function</c>: one name, or a mix <c>name:weight,name:weight</c>.</summary>
public static class RewardFunctionMix
{
    public const string ExactAnswer = "exact_answer";
    public const string Regex = "regex";
    public const string Length = "length";
    public const string Lexicon = "lexicon";

    /// <summary>The functions that come with the product.</summary>
    public static IReadOnlyList<string> BuiltInNames { get; } = [ExactAnswer, Regex, Length, Lexicon];

    /// <summary>The terms of a mix of built-in functions; a name without a weight has weight 1.</summary>
    /// <exception cref="ProximaException">an unknown or doubled name, or a weight that is no number</exception>
    public static IReadOnlyList<RewardFunctionTerm> Parse(string text) => Parse(text, []);

    /// <summary>The terms of a mix; a name without a weight has weight 1.</summary>
    /// <param name="text">one name, or a mix</param>
    /// <param name="ownNames">functions that the user's own program adds to the built-in ones</param>
    /// <exception cref="ProximaException">an unknown or doubled name, or a weight that is no number</exception>
    public static IReadOnlyList<RewardFunctionTerm> Parse(string text, IReadOnlyCollection<string> ownNames)
    {
        string[] knownNames = [.. BuiltInNames, .. ownNames];
        RewardFunctionTerm[] terms = [.. text.Split(',').Select(term => ParseTerm(term, knownNames))];
        string? doubled = terms.GroupBy(term => term.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        return doubled is null ? terms : throw Invalid($"{doubled} stands twice in '{text}'; add its weights");
    }

    /// <summary>Whether the text names the function; false for null and for a text that is no mix.</summary>
    public static bool Names(string? text, string function) =>
        text is not null && text.Split(',').Any(term => term.Split(':')[0].Trim() == function);

    private static RewardFunctionTerm ParseTerm(string text, string[] knownNames)
    {
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        if (!knownNames.Contains(parts[0]))
        {
            string nearest = NearestName.Of(parts[0], knownNames);
            throw Invalid($"no function is named '{parts[0]}'; the nearest is {nearest} (there are {string.Join(", ", knownNames)})");
        }

        if (parts.Length == 1)
        {
            return new RewardFunctionTerm(parts[0], 1.0);
        }

        return double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) && double.IsFinite(weight)
            ? new RewardFunctionTerm(parts[0], weight)
            : throw Invalid($"the weight '{parts[1]}' of {parts[0]} is no number");
    }

    private static ProximaException Invalid(string problem) => new(ExitCode.Usage, problem);
}
