namespace Proxima.Core.Rewards;

/// <summary>One reward function of a mix.</summary>
/// <param name="Name">one of <see cref="RewardFunctionMix.BuiltInNames"/>, or of the user's own</param>
/// <param name="Weight">factor of its score; finite</param>
public sealed record RewardFunctionTerm(string Name, double Weight);
