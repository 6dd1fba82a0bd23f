using System.Text.RegularExpressions;
using Proxima.Core;

namespace Proxima.Training.Rewards;

/// <summary>1 when the answer holds a match of reward_pattern, else 0.</summary>
public sealed class RegexReward : IRewardFunction
{
    private static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(1);

    private readonly Regex _pattern;

    /// <param name="pattern">a pattern of .NET</param>
    public RegexReward(string pattern)
    {
        _pattern = Compile(pattern);
    }

    /// <exception cref="ProximaException">the pattern searched too long</exception>
    public double Score(ScoredAnswer answer)
    {
        try
        {
            return _pattern.IsMatch(answer.Text) ? 1 : 0;
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new ProximaException(
                ExitCode.RewardSource,
                $"reward_pattern = {_pattern}: the search of an answer of {answer.Text.Length} characters to {answer.Dialogue.Origin} took more than "
                + $"{TimeOut.TotalSeconds} s. Expected a pattern that is quick on every text; write it without nested repetitions, or without what needs "
                + "backtracking (lookarounds, backreferences).",
                exception);
        }
    }

    /// <summary>Linear in the text where the pattern allows it; one with lookarounds or backreferences has a time-out instead.</summary>
    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeOut);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, TimeOut);
        }
    }
}
