using System.Globalization;
using Proxima.Core;
using Proxima.Text;

namespace Proxima.Training.Rewards;

/// <summary>
/// Scores from an HTTP server, batch by batch in the order of the sequences (docs/rewards.md). Whatever is wrong with an answer ends the
/// run: there is no score instead of one.
/// </summary>
public sealed class RewardServerSource : IRewardSource, IDisposable
{
    private readonly RewardServerOptions _options;
    private readonly RewardServerClient _client;
    private readonly Tokenizer _tokenizer;

    /// <param name="options">the server</param>
    /// <param name="tokenizer">of the actor</param>
    /// <param name="stop">ends the waiting for an answer</param>
    public RewardServerSource(RewardServerOptions options, Tokenizer tokenizer, CancellationToken stop)
    {
        _options = options;
        _tokenizer = tokenizer;
        _client = new RewardServerClient(options, stop);
    }

    /// <exception cref="ProximaException">the server failed after all retries, refused, or gave an answer that is wrong</exception>
    /// <exception cref="OperationCanceledException">a stop was asked for</exception>
    public IReadOnlyList<double> Score(IReadOnlyList<Sequence> sequences) => [.. sequences.Chunk(_options.BatchSize).SelectMany(ScoreBatch)];

    public void Dispose() => _client.Dispose();

    private double[] ScoreBatch(Sequence[] batch)
    {
        byte[] request = RewardServerMessages.Request([.. batch.Select(sequence => (sequence.Dialogue, _tokenizer.Decode(sequence.Response)))]);
        byte[] answer = _client.Post(request);
        try
        {
            return RewardServerMessages.Scores(answer, batch.Length);
        }
        catch (FormatException exception)
        {
            throw new ProximaException(
                ExitCode.RewardSource,
                string.Create(CultureInfo.InvariantCulture, $"reward_server = {_options.Address}: {exception.Message} Correct the server; docs/rewards.md has its protocol."),
                exception);
        }
    }
}
