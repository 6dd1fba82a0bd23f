using Proxima.Core.Settings;
using Proxima.Text;

namespace Proxima.Training;

/// <summary>What ends a response before max_dec_len: token ids and strings, and nothing with ignore_eos.</summary>
public sealed record StopCriteria
{
    /// <summary>Ids that end a response.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>Makes the check for stop strings in one response; null: there are none.</summary>
    public Func<Func<int, bool>>? NewStringCheck { get; init; }

    /// <summary>The criteria that the settings ask for.</summary>
    /// <param name="sampling">stop_token_ids, stop_strings, ignore_eos</param>
    /// <param name="usualTokenIds">ids that end a response unless stop_token_ids names others</param>
    /// <param name="tokenizer">of the model that answers</param>
    public static StopCriteria Of(SamplingSettings sampling, IReadOnlyList<int> usualTokenIds, Tokenizer tokenizer) => sampling.IgnoreEos
        ? new StopCriteria { TokenIds = [] }
        : new StopCriteria
        {
            TokenIds = sampling.StopTokenIds ?? usualTokenIds,
            NewStringCheck = sampling.StopStrings is { } strings ? () => new StopStringWatcher(tokenizer, strings).Push : null,
        };
}
