using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Core.Untrusted;

namespace Proxima.Training.Rewards;

/// <summary>Reads the bearer token of the reward server. It stands in no setting, no message and no file of a run.</summary>
public static class RewardServerToken
{
    /// <summary>The token from reward_server_token_env or reward_server_token_file.</summary>
    /// <returns>null when neither is given</returns>
    /// <exception cref="ProximaException">the variable or file is missing, empty, or holds what no header can carry</exception>
    public static string? Read(RewardSettings settings)
    {
        if (settings.RewardServerTokenEnv is { } variable)
        {
            return Checked("reward_server_token_env", variable, Environment.GetEnvironmentVariable(variable));
        }

        return settings.RewardServerTokenFile is { } path ? Checked("reward_server_token_file", path, ReadFile(path)) : null;
    }

    private static string? ReadFile(string path)
    {
        try
        {
            RegularFile.Require(path);
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(
                ExitCode.Usage, $"reward_server_token_file = {path}: cannot be read ({exception.Message}). Give the path of a file with the token.", exception);
        }
    }

    private static string Checked(string key, string source, string? text)
    {
        string token = text?.Trim() ?? "";
        return token.Length > 0 && token.All(character => character is > ' ' and <= '~')
            ? token
            : throw new ProximaException(
                ExitCode.Usage,
                $"{key} = {source}: {(token.Length == 0 ? "holds no token" : "holds white space or letters outside ASCII")}. "
                + "Expected one word of ASCII letters; set it.");
    }
}
