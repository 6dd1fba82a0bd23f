using System.Text.RegularExpressions;
using Proxima.Core.Rewards;
using Proxima.Training.Rewards;

namespace Proxima.Cli;

/// <summary>The whole command line, for programs that add reward functions of their own (docs/rewards.md, samples/Proxima.OwnReward).</summary>
public static partial class ProximaProgram
{
    /// <summary>Runs a command line as <c>proxima</c> does.</summary>
    /// <param name="words">the words behind the program's name</param>
    /// <returns>the exit code</returns>
    public static int Run(IReadOnlyList<string> words) => Run(words, new Dictionary<string, IRewardFunction>());

    /// <summary>Runs a command line in which reward_function and eval_reward_function know more functions.</summary>
    /// <param name="words">the words behind the program's name</param>
    /// <param name="rewardFunctions">name → function; a name is of small letters, digits and _</param>
    /// <returns>the exit code</returns>
    /// <exception cref="ArgumentException">a name has other characters, or is that of a built-in function</exception>
    public static int Run(IReadOnlyList<string> words, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions)
    {
        string? wrong = rewardFunctions.Keys.FirstOrDefault(name => !Name().IsMatch(name) || RewardFunctionMix.BuiltInNames.Contains(name));
        return wrong is null
            ? (int)CommandDispatcher.Run(words, CommandConsole.OfProcess(), rewardFunctions)
            : throw new ArgumentException($"'{wrong}' cannot name a reward function: expected small letters, digits and _, and none of {string.Join(", ", RewardFunctionMix.BuiltInNames)}", nameof(rewardFunctions));
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
