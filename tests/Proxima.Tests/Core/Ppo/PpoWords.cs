using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Tests.Core.Ppo;

/// <summary>Command lines of <c>ppo</c>.</summary>
internal static class PpoWords
{
    /// <summary>The fewest words that make a run.</summary>
    public static IReadOnlyList<string> Least { get; } =
    [
        "--do_train", "true",
        "--train_task_config", "train.json",
        "--actor_model_name_or_path", "actor",
        "--reward_model_name_or_path", "reward",
        "--output_dir", "out",
    ];

    /// <summary>Loads the fewest words and more.</summary>
    public static LoadedSettings<PpoCommandSettings> Load(params string[] more) => PpoSettingsLoader.Load([.. Least, .. more]);

    /// <summary>The numbered errors of the fewest words and more.</summary>
    public static string[] Errors(params string[] more) => ErrorsOf([.. Least, .. more]);

    /// <summary>The numbered errors of a command line.</summary>
    public static string[] ErrorsOf(IReadOnlyList<string> words)
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => PpoSettingsLoader.Load(words));
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        return [.. exception.Message.Split('\n').Skip(1).Select(line => line[(line.IndexOf(". ", StringComparison.Ordinal) + 2)..])];
    }
}
