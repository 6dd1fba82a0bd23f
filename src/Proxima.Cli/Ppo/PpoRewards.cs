using Proxima.Core.Rewards;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Text;
using Proxima.Training;
using Proxima.Training.Rewards;

namespace Proxima.Cli.Ppo;

/// <summary>Builds the source of rewards that the settings name, and that of the gold metric.</summary>
internal sealed class PpoRewards : IDisposable
{
    private readonly RewardSettings _settings;
    private readonly Tokenizer _tokenizer;
    private readonly CancellationToken _stop;
    private readonly IReadOnlyDictionary<string, IRewardFunction> _ownFunctions;
    private readonly RewardServerSource? _server;

    /// <param name="settings">sources and what they need</param>
    /// <param name="tokenizer">of the model that answers</param>
    /// <param name="rewardModel">the reward model, where it is the source</param>
    /// <param name="rewardText">how the reward model reads; null when it scores the sampled ids themselves</param>
    /// <param name="ownFunctions">the user's own reward functions</param>
    /// <param name="stop">ends the work</param>
    /// <exception cref="Core.ProximaException">the word list or the token cannot be read</exception>
    public PpoRewards(
        RewardSettings settings, Tokenizer tokenizer, FrozenModel<ScoreModel>? rewardModel, RewardText? rewardText, IReadOnlyDictionary<string, IRewardFunction> ownFunctions, CancellationToken stop)
    {
        _settings = settings;
        _tokenizer = tokenizer;
        _stop = stop;
        _ownFunctions = ownFunctions;
        _server = _settings.RewardServer is { } address ? new RewardServerSource(ServerOptions(address), _tokenizer, stop) : null;
        IRewardSource source = _server is not null ? _server
            : rewardModel is not null ? ModelSource(new RewardModelSource(rewardModel, stop), rewardText)
            : Functions(_settings.RewardFunction!);
        Source = _settings.RewardScale == 1 ? source : new ScaledRewardSource(source, _settings.RewardScale);
        Gold = _settings.EvalRewardFunction is { } gold ? Functions(gold) : null;
    }

    /// <summary>What training and evaluation score with.</summary>
    public IRewardSource Source { get; }

    /// <summary>eval_reward_function; null when there is none.</summary>
    public IRewardSource? Gold { get; }

    public void Dispose() => _server?.Dispose();

    private RewardServerOptions ServerOptions(string address) => new()
    {
        Address = new Uri(address),
        BatchSize = _settings.RewardServerBatchSize,
        TimeOut = TimeSpan.FromSeconds(_settings.RewardServerTimeoutS),
        Retries = _settings.RewardServerRetries,
        Token = RewardServerToken.Read(_settings),
    };

    private static IRewardSource ModelSource(RewardModelSource model, RewardText? text) => text is null ? model : text.Around(model);

    private FunctionRewardSource Functions(string mix) => new(
        [.. RewardFunctionMix.Parse(mix, [.. _ownFunctions.Keys]).Select(term => new WeightedReward(term.Name, term.Weight, Function(term.Name)))],
        _tokenizer,
        _stop);

    private IRewardFunction Function(string name) => name switch
    {
        RewardFunctionMix.ExactAnswer => new ExactAnswerReward(),
        RewardFunctionMix.Regex => new RegexReward(_settings.RewardPattern!),
        RewardFunctionMix.Length => new LengthReward(_settings.RewardTargetLength!.Value),
        RewardFunctionMix.Lexicon => new LexiconReward(new LexiconScorer(_settings.RewardLexicon!)),
        _ => _ownFunctions[name],
    };
}
