using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Numerics;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>A recorded rollout of OpenRLHF: several experiences (micro-batches) that make one optimizer step.</summary>
internal sealed class OpenRlhfRollout
{
    private readonly PeerCase _case;
    private readonly PpoFormulas _formulas;
    private readonly List<(Tensor Mask, Dictionary<string, Tensor> Data)> _experiences = [];
    private readonly Tensor[] _rewards;
    private readonly Tensor[] _advantages;
    private readonly Tensor[] _whitened;

    public OpenRlhfRollout(PeerCase item, PpoSettings ppo)
    {
        _case = item;
        _formulas = new PpoFormulas(ppo);
        foreach (JsonElement experience in item.Inputs.GetProperty("experiences").EnumerateArray())
        {
            Dictionary<string, Tensor> data = experience.EnumerateObject().ToDictionary(p => p.Name, p => PeerCase.ToTensor(p.Value));
            _experiences.Add((data["mask"] > 0, data));
        }

        _rewards = [.. _experiences.Select(e => _formulas.Rewards(
            e.Data["log_probs"], e.Data["ref_log_probs"], item.Number("kl_coef"), PeerSettings.LastPlaces(e.Mask), PeerSettings.Shape(ppo, e.Data["scores"])))];
        _advantages = [.. _experiences.Select((e, i) => _formulas.Advantages(_rewards[i], e.Data["values"], e.Mask))];
        long[] sizes = [.. _advantages.Select(a => a.shape[0])];
        _whitened = _formulas.Whiten(cat(_advantages), cat([.. _experiences.Select(e => e.Mask)])).split(sizes);
    }

    public void Check()
    {
        double tokens = _experiences.Sum(e => e.Mask.sum().item<long>());
        double policyLoss = 0, valueLoss = 0;
        for (int i = 0; i < _experiences.Count; i++)
        {
            (Tensor mask, Dictionary<string, Tensor> data) = _experiences[i];
            Near("kl", i, _formulas.Kl(data["log_probs"], data["ref_log_probs"]), mask);
            Near("rewards", i, _rewards[i], mask);
            Near("returns", i, _advantages[i] + data["values"], mask);
            Near("advantages", i, _whitened[i], mask);
            double weight = _formulas.TokenWeight(tokens, mask.sum().item<long>(), _experiences.Count);
            policyLoss += CheckPolicy(i, mask, data, weight);
            valueLoss += CheckValues(i, mask, data, weight);
        }

        Assert.Equal(_case.Outputs.GetProperty("policy_loss").GetDouble(), policyLoss, PeerCase.Tolerance);
        Assert.Equal(_case.Outputs.GetProperty("value_loss").GetDouble(), valueLoss, PeerCase.Tolerance * Math.Max(1, valueLoss));
    }

    private double CheckPolicy(int i, Tensor mask, Dictionary<string, Tensor> data, double weight)
    {
        var newLogProbs = data["new_log_probs"].requires_grad_(true);
        var ratio = PeerSettings.ClampedRatio(newLogProbs, data["log_probs"]);
        var loss = MaskedStatistics.Keep(_formulas.PolicyLosses(ratio, _whitened[i]), mask).sum() * weight;
        loss.backward();
        var clipped = _formulas.PolicyIsClipped(ratio, _whitened[i])!.to_type(ScalarType.Float32);
        PeerCase.Near(Output("clip_ratio", i), MaskedStatistics.Mean(clipped, mask), "clip_ratio");
        PeerCase.Near(Output("micro_policy_loss", i), loss, "micro_policy_loss");
        Near("grad_new_log_probs", i, newLogProbs.grad!, mask);
        return loss.item<float>();
    }

    private double CheckValues(int i, Tensor mask, Dictionary<string, Tensor> data, double weight)
    {
        var values = data["new_values"].requires_grad_(true);
        var losses = _formulas.ValueLosses(values, data["values"], _advantages[i] + data["values"]);
        var loss = MaskedStatistics.Keep(losses, mask).sum() * weight;
        loss.backward();
        PeerCase.Near(Output("micro_value_loss", i), loss, "micro_value_loss");
        Near("grad_new_values", i, values.grad!, mask);
        return loss.item<float>();
    }

    private Tensor Output(string name, int i) => PeerCase.ToTensor(_case.Outputs.GetProperty(name)[i]);

    private void Near(string name, int i, Tensor actual, Tensor mask) =>
        PeerCase.Near(MaskedStatistics.Keep(Output(name, i), mask), MaskedStatistics.Keep(actual.detach(), mask), $"{name} {i}");
}
