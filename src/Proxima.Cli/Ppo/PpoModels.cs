using Proxima.Core.Settings;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Cli.Ppo;

/// <summary>The four models of PPO. Actor and critic learn; reference and reward model stay as they are.</summary>
internal sealed class PpoModels : IDisposable
{
    private readonly string _criticFolder;
    private readonly ModelSettings _settings;

    /// <param name="settings">where the models are</param>
    /// <param name="rewardReadsOtherTokens">the reward model's ids are not the actor's, so no critic can start from it</param>
    public PpoModels(ModelSettings settings, bool rewardReadsOtherTokens)
    {
        _settings = settings;
        string actorFolder = settings.ActorModelNameOrPath!;
        Actor = ModelFolder.LoadCausal(actorFolder, ScalarType.Float32);
        Reference = ModelFolder.LoadCausal(actorFolder, ScalarType.Float32);
        Reward = settings.RewardModelNameOrPath is { } reward ? ModelFolder.LoadScore(reward, ScalarType.Float32) : null;
        string? criticFolder = settings.CriticModelNameOrPath ?? (rewardReadsOtherTokens ? null : settings.RewardModelNameOrPath);
        CriticStartsFromActor = criticFolder is null;
        _criticFolder = criticFolder ?? actorFolder;
        Critic = CriticStartsFromActor
            ? ModelFolder.LoadScoreWithZeroHead(actorFolder, ScalarType.Float32)
            : ModelFolder.LoadScore(_criticFolder, ScalarType.Float32);
    }

    public CausalLanguageModel Actor { get; }

    public CausalLanguageModel Reference { get; }

    /// <summary>Null when another source scores.</summary>
    public ScoreModel? Reward { get; }

    public ScoreModel Critic { get; }

    /// <summary>Whether the critic is the actor with a score head of zeros.</summary>
    public bool CriticStartsFromActor { get; }

    /// <summary>A line for each model: its role, where it came from, its size.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Line("actor", _settings.ActorModelNameOrPath!, Count(Actor.NamedParameters()), "trained");
        yield return Line("reference", _settings.ActorModelNameOrPath!, Count(Reference.NamedParameters()), "frozen");
        yield return Line("critic", _criticFolder, Count(Critic.NamedParameters()), Head(_criticFolder, CriticStartsFromActor));
        if (Reward is not null)
        {
            yield return Line("reward", _settings.RewardModelNameOrPath!, Count(Reward.NamedParameters()), "frozen");
        }
    }

    /// <summary>Writes actor/ and critic/ into a folder.</summary>
    public void Save(string folder)
    {
        SaveActor(Path.Combine(folder, Core.Runs.RunFolder.ActorName));
        SaveCritic(Path.Combine(folder, Core.Runs.RunFolder.CriticName));
    }

    /// <summary>Writes the actor as a Hugging Face folder.</summary>
    public void SaveActor(string folder) => ModelFolder.Save(Actor, _settings.ActorModelNameOrPath!, folder);

    /// <summary>Writes the critic as a Hugging Face folder.</summary>
    public void SaveCritic(string folder) => ModelFolder.Save(Critic, _criticFolder, folder);

    public void Dispose()
    {
        Actor.Dispose();
        Reference.Dispose();
        Reward?.Dispose();
        Critic.Dispose();
    }

    private static string Head(string folder, bool isZero) =>
        isZero ? "trained, score head of zeros" : ModelFolder.HasScoreHead(folder) ? "trained" : "trained, new score head";

    private static string Line(string role, string folder, long parameters, string fate) =>
        $"{role,-10} {parameters,15:N0} parameters  {folder} ({fate})";

    private static long Count(IEnumerable<(string Name, TorchSharp.Modules.Parameter Value)> named) => named.Sum(p => p.Value.numel());
}
