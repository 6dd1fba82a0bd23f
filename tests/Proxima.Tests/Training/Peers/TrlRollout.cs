using Proxima.Models;
using Proxima.Numerics;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>
/// What TRL knows of one rollout before it updates, computed from its ids with its padding: prompts on the left, ends on the
/// right, everything [8, 12].
/// </summary>
internal sealed class TrlRollout
{
    private const double TemperatureOffset = 1e-7; // TRL divides by temperature + 1e-7

    private readonly TrlRun _run;
    private readonly int _update;
    private readonly Tensor _ids;
    private readonly long _context;

    public TrlRollout(TrlRun run, int update, TrlModels models)
    {
        using var noGrad = no_grad();
        (_run, _update) = (run, update);
        _context = run.Records[update - 1].GetProperty("context_length").GetInt32();
        _ids = cat([run.Array(update, "queries"), run.Array(update, "responses")], 1);
        var kept = run.Array(update, "postprocessed_responses");
        var isPad = kept == run.Pad;
        long width = kept.shape[1];
        Last = where(isPad, arange(width).expand_as(kept), width).min(1).values - 1;
        Outside = arange(width) > Last.unsqueeze(1);
        OutsideSlots = arange(width) > Last.unsqueeze(1) + 1;
        LogProbs = TokenLogProbs(models.Policy, null).LogProbs.masked_fill(Outside, 1);
        var refLogProbs = TokenLogProbs(models.Reference, null).LogProbs.masked_fill(Outside, 1);
        Values = TokenValues(models.Value, null);
        Build(models, kept, refLogProbs);
    }

    /// <summary>[8] index of the last kept token.</summary>
    public Tensor Last { get; }

    /// <summary>[8, 12] true behind the last kept token.</summary>
    public Tensor Outside { get; }

    /// <summary>[8, 12] the same, one slot later.</summary>
    public Tensor OutsideSlots { get; }

    public Tensor LogProbs { get; }

    public Tensor Values { get; }

    public Tensor Advantages { get; private set; } = null!; // Build sets both

    public Tensor Returns { get; private set; } = null!;

    /// <summary>TRL's names of what it logs of a rollout, with their values.</summary>
    public Dictionary<string, double> Logged { get; } = [];

    /// <summary>Logits ÷ temperature [b, 12, V] and log-probs [b, 12] of some rows; null: of all.</summary>
    public (Tensor Logits, Tensor LogProbs) TokenLogProbs(CausalLanguageModel model, Tensor? rows)
    {
        var ids = rows is null ? _ids : _ids.index_select(0, rows);
        var states = States(model.Decoder, ids);
        var logits = model.Logits(states) / (_run.Number("temperature") + TemperatureOffset);
        var tokens = ids.narrow(1, _context, ids.shape[1] - _context); // [b, 12]
        return (logits, special.log_softmax(logits, dim: -1).gather(-1, tokens.unsqueeze(-1)).squeeze(-1));
    }

    /// <summary>Values of some rows, 0 behind the slot after the last token; null: of all.</summary>
    public Tensor TokenValues(ScoreModel model, Tensor? rows)
    {
        var ids = rows is null ? _ids : _ids.index_select(0, rows);
        var outside = rows is null ? OutsideSlots : OutsideSlots.index_select(0, rows);
        return model.Values(States(model.Decoder, ids)).masked_fill(outside, 0);
    }

    private void Build(TrlModels models, Tensor kept, Tensor refLogProbs)
    {
        var formulas = new PpoFormulas(_run.Settings);
        var scores = RewardScores(models.Reward, kept);
        Check("scores_before_penalty", scores);
        if (_run.Settings.MissingEosPenalty is double penalty)
        {
            var isUnfinished = _run.Array(_update, "contain_eos_token") == 0;
            scores = scores - (isUnfinished.to_type(ScalarType.Float32) * penalty);
        }

        var slots = (Last + 1).clamp_max(kept.shape[1] - 1);
        var rewards = formulas.Rewards(LogProbs, refLogProbs, _run.Settings.KlCoeff, slots, scores);
        if (_run.WhitensRewards)
        {
            Check("rewards_before_whitening", rewards);
            var counts = OutsideSlots.logical_not();
            rewards = MaskedStatistics.Keep(MaskedStatistics.Whiten(rewards, counts) + MaskedStatistics.Mean(rewards, counts), counts);
        }

        var raw = formulas.Advantages(rewards, Values, OutsideSlots.logical_not());
        Returns = raw + Values;
        Advantages = formulas.Whiten(raw, Outside.logical_not());
        var kl = formulas.Kl(LogProbs, refLogProbs);
        foreach ((string name, Tensor actual) in new[]
        {
            ("logprobs", LogProbs), ("ref_logprobs", refLogProbs), ("values", Values), ("scores", scores), ("kl", kl), ("rewards", rewards),
            ("advantages_raw", raw), ("returns", Returns), ("advantages", Advantages), ("sequence_lengths", Last),
            ("padding_mask", Outside), ("padding_mask_p1", OutsideSlots),
        })
        {
            Check(name, actual);
        }

        Log(kl, scores);
    }

    private void Log(Tensor kl, Tensor scores)
    {
        double Mean(Tensor tensor) => tensor.mean().item<float>();
        double perSequence = Mean(kl.sum(1));
        Logged["objective/kl"] = perSequence;
        Logged["objective/entropy"] = Mean(LogProbs.neg().sum(1)); // pads count −1 each
        Logged["objective/non_score_reward"] = -_run.Settings.KlCoeff * perSequence;
        Logged["objective/scores"] = Mean(scores);
        Logged["objective/rlhf_reward"] = (-_run.Settings.KlCoeff * perSequence) + Mean(scores);
    }

    private Tensor RewardScores(ScoreModel model, Tensor kept)
    {
        var ids = cat([_ids.narrow(1, 0, _context), kept], 1);
        var values = model.Values(Hidden(model.Decoder, ids)); // [8, P + R]
        return values.gather(1, (Last + _context).unsqueeze(1)).squeeze(1);
    }

    /// <summary>[b, 12, C] the states before each response slot.</summary>
    private Tensor States(Decoder decoder, Tensor ids) => Hidden(decoder, ids).narrow(1, _context - 1, ids.shape[1] - _context);

    private Tensor Hidden(Decoder decoder, Tensor ids)
    {
        var isToken = ids != _run.Pad;
        var counted = isToken.to_type(ScalarType.Int64);
        return decoder.Forward(ids.masked_fill(isToken.logical_not(), 0), counted.cumsum(1) - counted, isToken);
    }

    private void Check(string name, Tensor actual) =>
        PeerCase.Near(_run.Array(_update, name), actual, $"update {_update}: {name}", TrlReplay.Tolerance(_update));
}
