using System.Text.RegularExpressions;
using Proxima.Core.Rewards;
using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>Checks across the arguments of rewards, for every command that scores.</summary>
/// <typeparam name="TRoot">root settings record</typeparam>
internal sealed class RewardChecks<TRoot>(SettingsChecks<TRoot> checks, RewardSettings reward, IReadOnlyCollection<string> ownRewardFunctions)
    where TRoot : class
{
    /// <summary>Options of rewards that may have no effect, where eval_reward_function is always used.</summary>
    public static IEnumerable<(string Key, bool IsInactive, string Because)> InactiveOptions(RewardSettings reward)
    {
        const string NoServer = "reward_server is not given";
        bool hasNoServer = reward.RewardServer is null;
        bool Uses(string function) => RewardFunctionMix.Names(reward.RewardFunction, function) || RewardFunctionMix.Names(reward.EvalRewardFunction, function);
        return
        [
            ("reward_server_batch_size", hasNoServer, NoServer),
            ("reward_server_timeout_s", hasNoServer, NoServer),
            ("reward_server_retries", hasNoServer, NoServer),
            ("reward_server_token_env", hasNoServer, NoServer),
            ("reward_server_token_file", hasNoServer, NoServer),
            ("reward_lexicon", !Uses(RewardFunctionMix.Lexicon), "no reward function is lexicon"),
            ("reward_pattern", !Uses(RewardFunctionMix.Regex), "no reward function is regex"),
            ("reward_target_length", !Uses(RewardFunctionMix.Length), "no reward function is length"),
        ];
    }

    /// <summary>Exactly one source of scores, and a server that can be called.</summary>
    /// <param name="rewardModel">reward_model_name_or_path</param>
    /// <param name="cure">what to do, as a sentence</param>
    public void RequireSource(string? rewardModel, string cure)
    {
        string?[] sources = [rewardModel, reward.RewardServer, reward.RewardFunction];
        checks.Require(
            sources.Count(source => source is not null) == 1,
            ["reward_model_name_or_path", "reward_server", "reward_function"],
            "exactly one source of rewards",
            cure);
        bool isAddress = Uri.TryCreate(reward.RewardServer, UriKind.Absolute, out Uri? address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.UserInfo.Length == 0;
        checks.Require(
            reward.RewardServer is null || isAddress, ["reward_server"], "an http or https address without a user", "Write it whole, with the port; reward_server_token_env and reward_server_token_file carry a secret.");
        checks.Require(
            reward.RewardServerTokenEnv is null || reward.RewardServerTokenFile is null,
            ["reward_server_token_env", "reward_server_token_file"], "one source of the token", "Leave one of them out.");
    }

    /// <summary>Functions that exist, and what they read.</summary>
    /// <param name="evaluates">whether eval_reward_function is used</param>
    public void RequireFunctions(bool evaluates)
    {
        CheckMix("reward_function", reward.RewardFunction);
        CheckMix("eval_reward_function", reward.EvalRewardFunction);

        CheckNeed(evaluates, RewardFunctionMix.Lexicon, reward.RewardLexicon is not null, "reward_lexicon", "a file of word valences");
        CheckNeed(evaluates, RewardFunctionMix.Regex, reward.RewardPattern is not null, "reward_pattern", "a regular expression");
        CheckNeed(evaluates, RewardFunctionMix.Length, reward.RewardTargetLength is not null, "reward_target_length", "a number of tokens");
        checks.Require(
            reward.RewardPattern is null || IsPattern(reward.RewardPattern), ["reward_pattern"], "a regular expression", "Correct the pattern.");
    }

    private void CheckMix(string key, string? text)
    {
        try
        {
            RewardFunctionMix.Parse(text ?? RewardFunctionMix.Lexicon, ownRewardFunctions);
        }
        catch (ProximaException exception)
        {
            checks.Require(false, [key], "a reward function, or a mix name:weight,name:weight", $"{char.ToUpperInvariant(exception.Message[0])}{exception.Message[1..]}.");
        }
    }

    private void CheckNeed(bool evaluates, string function, bool isGiven, string key, string expected)
    {
        string? user = RewardFunctionMix.Names(reward.RewardFunction, function) ? "reward_function"
            : evaluates && RewardFunctionMix.Names(reward.EvalRewardFunction, function) ? "eval_reward_function"
            : null;
        checks.Require(user is null || isGiven, [key], $"{expected}, since {user} uses {function}", $"Give {key}, or another {user}.");
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            Regex.Match("", pattern);
            return true;
        }
        catch (RegexParseException)
        {
            return false;
        }
    }
}
