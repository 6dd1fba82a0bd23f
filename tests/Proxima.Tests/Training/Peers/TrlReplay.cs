using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Numerics;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace Proxima.Tests.Training.Peers;

/// <summary>
/// TRL's update, with the quirks that Proxima does not offer: one AdamW over policy and value model on loss + vf_coef · value loss,
/// no gradient clip, each micro-batch divided by the accumulation whatever goes into a step, a step after every micro-batch at the
/// last batch of the data, and a rate that moves by rollouts. The formulas are the product's.
/// </summary>
internal sealed class TrlReplay : IDisposable
{
    private readonly TrlRun _run;
    private readonly TrlModels _models;
    private readonly FlatParameters _weights;
    private readonly AdamW _adam;
    private readonly PpoFormulas _formulas;
    private int _accumulated;

    public TrlReplay(TrlRun run)
    {
        _run = run;
        _models = new TrlModels(run.Reference);
        _weights = new FlatParameters(_models.Trained);
        _adam = new AdamW(_weights, new ModelShards("joint", _weights, ShardedRanks.Alone()), run.Number("adam_beta1"), run.Number("adam_beta2"), run.Number("adam_epsilon"), run.Number("weight_decay"));
        _formulas = new PpoFormulas(run.Settings);
    }

    /// <summary>Relative tolerance (README of the goldens); after an update the weights themselves may be 5e-5 apart.</summary>
    public static double Tolerance(int update) => update == 1 ? PeerCase.Tolerance : 5e-5;

    /// <summary>Replays an update and compares everything that was recorded on the way.</summary>
    public void Update(int update)
    {
        using var scope = NewDisposeScope();
        JsonElement record = _run.Records[update - 1];
        var rollout = new TrlRollout(_run, update, _models);
        JsonElement[] microBatches = [.. record.GetProperty("micro_batches").EnumerateArray()];
        long[] order = _run.Array(update, "order").data<long>().ToArray();
        int size = _run.Integer("per_device_train_batch_size");
        var statistics = new TrlStatistics();
        for (int at = 0; at < microBatches.Length; at++)
        {
            using var microScope = NewDisposeScope();
            Assert.Equal(_run.Array(update, "micro.inds")[at].data<long>().ToArray(), order.Skip(at * size).Take(size));
            var rows = tensor(order.Skip(at * size).Take(size).ToArray());
            statistics.Add(MicroBatch(rollout, rows, update, at, microBatches[at]));
        }

        foreach ((string name, double value) in rollout.Logged.Concat(statistics.Logged(Slots(record))))
        {
            double logged = record.GetProperty("logged").GetProperty(name).GetDouble();
            Assert.True(Math.Abs(logged - value) <= Loose(update) * Math.Max(1, Math.Abs(logged)), $"{name}: {value} instead of {logged}");
        }
    }

    /// <summary>Compares the weights with those that were recorded after an update, where they were.</summary>
    /// <returns>whether they were</returns>
    public bool CheckWeights(int update)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (_run.After("policy", update) is not string policyFolder)
        {
            return false;
        }

        using CausalLanguageModel policy = ModelFolder.LoadCausal(policyFolder, ScalarType.Float32);
        using ScoreModel value = ModelFolder.LoadScore(_run.After("value", update)!, ScalarType.Float32);
        var expected = policy.NamedParameters().Concat(value.NamedParameters()).Select(p => p.Value.flatten());
        var found = _models.Policy.NamedParameters().Concat(_models.Value.NamedParameters()).Select(p => p.Value.flatten());
        var difference = (cat([.. expected]) - cat([.. found])).abs();

        // README of the goldens: where a gradient is almost 0, Adam's first step is ± rate.
        Assert.InRange(difference.max().item<float>(), 0, 5e-5);
        Assert.InRange((difference <= 1e-6).to_type(ScalarType.Float64).mean().item<double>(), 0.999, 1);
        return true;
    }

    public void Dispose()
    {
        _adam.Dispose();
        _weights.Dispose();
        _models.Dispose();
    }

    private static double Loose(int update) => 5 * Tolerance(update); // sums over the 12 slots of a row

    /// <summary>Places of TRL's array of statistics; it divides by their number, though later versions fill only some.</summary>
    private int Slots(JsonElement record) => record.TryGetProperty("stats_shape", out JsonElement shape)
        ? shape.EnumerateArray().Aggregate(1, (product, length) => product * length.GetInt32())
        : record.GetProperty("micro_batches").GetArrayLength();

    private TrlMicroBatch MicroBatch(TrlRollout rollout, Tensor rows, int update, int at, JsonElement recorded)
    {
        Tensor Of(Tensor whole) => whole.index_select(0, rows);
        var (outside, outsideSlots) = (Of(rollout.Outside), Of(rollout.OutsideSlots));
        var (logits, tokenLogProbs) = rollout.TokenLogProbs(_models.Policy, rows);
        var newLogProbs = tokenLogProbs.masked_fill(outside, 1);
        var values = rollout.TokenValues(_models.Value, rows);
        Near(_run.Array(update, "micro.new_logprobs")[at], newLogProbs, "new_logprobs");
        Near(_run.Array(update, "micro.vpred")[at], values, "vpred");

        var ratio = PolicyObjective.Ratio(newLogProbs, Of(rollout.LogProbs));
        var advantages = Of(rollout.Advantages);
        var (oldValues, returns) = (Of(rollout.Values), Of(rollout.Returns));
        var policyLoss = MaskedStatistics.Mean(_formulas.PolicyLosses(ratio, advantages), outside.logical_not());
        var valueLoss = MaskedStatistics.Mean(_formulas.ValueLosses(values, oldValues, returns), outsideSlots.logical_not());
        var loss = policyLoss + (valueLoss * _run.Number("vf_coef"));
        (loss / _run.Integer("gradient_accumulation_steps")).backward();
        bool isStep = Step(update, recorded);
        Assert.Equal(recorded.GetProperty("optimizer_step").GetBoolean(), isStep);

        double Share(Tensor? isTrue, Tensor masked) => MaskedStatistics.Mean(isTrue!.to_type(ScalarType.Float32), masked.logical_not()).item<float>();
        var result = new TrlMicroBatch
        {
            PolicyLoss = policyLoss.item<float>(),
            ValueLoss = valueLoss.item<float>(),
            Loss = loss.item<float>(),
            PolicyClipFraction = Share(_formulas.PolicyIsClipped(ratio, advantages), outside),
            ValueClipFraction = Share(_formulas.ValueIsClipped(values, oldValues, returns), outsideSlots),
            ApproxKl = PolicyObjective.ApproxKl(newLogProbs, Of(rollout.LogProbs)).mean().item<float>(), // pads and all
            Entropy = PeerLogits.Entropies(logits.detach()).mean().item<float>(),
            Ratio = ratio.mean().item<float>(),
        };
        result.Check(recorded, Loose(update));
        return result;

        void Near(Tensor expected, Tensor actual, string name) =>
            PeerCase.Near(expected, actual, $"update {update}, micro-batch {at}: {name}", 5e-5); // within an update weights may be 5e-5 apart already
    }

    private bool Step(int update, JsonElement recorded)
    {
        bool isLastOfData = update * _run.Integer("batch_size") % _run.Prompts == 0;
        _accumulated++;
        if (!isLastOfData && _accumulated % _run.Integer("gradient_accumulation_steps") != 0)
        {
            return false;
        }

        _accumulated = isLastOfData ? 0 : _accumulated;
        var schedule = new LearningRateSchedule
        {
            Type = _run.IsLinear ? SchedulerType.Linear : SchedulerType.Constant,
            Peak = _run.Number("learning_rate"),
            DecaySteps = _run.Number("num_total_batches"),
        };
        double rate = schedule.Rate(update - 1);
        if (recorded.TryGetProperty("lr", out JsonElement recordedRate))
        {
            Assert.Equal(recordedRate.GetDouble(), rate, 1e-15);
            CheckNorm(recorded, "grad_norm_policy", _models.Policy.NamedParameters());
            CheckNorm(recorded, "grad_norm_value", _models.Value.NamedParameters());
        }

        _adam.Step(rate);
        _weights.Gradients.zero_();
        return true;
    }

    private static void CheckNorm(JsonElement recorded, string name, IReadOnlyList<(string Name, Parameter Value)> parameters)
    {
        double norm = cat([.. parameters.Select(p => p.Value.grad!.flatten())]).norm().item<float>();
        Assert.Equal(1, norm / recorded.GetProperty(name).GetDouble(), 5e-5);
    }
}
