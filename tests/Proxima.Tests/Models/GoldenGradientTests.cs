using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Training.Optimization;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace Proxima.Tests.Models;

public sealed class GoldenGradientTests
{
    private const double LossTolerance = 2e-5;

    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void The_loss_and_every_gradient_are_those_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);

        var loss = golden.Loss(model);
        loss.backward();

        JsonElement expected = golden.Numbers.GetProperty("sft");
        Assert.Equal(expected.GetProperty("loss").GetDouble(), loss.item<float>(), LossTolerance);
        CheckGradients(golden, model.NamedParameters(), expected, "grad.");
    }

    [Theory]
    [MemberData(nameof(GoldenCases.WithArrays), MemberType = typeof(GoldenCases))]
    public void Three_steps_of_AdamW_give_the_weights_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        JsonElement expected = golden.Numbers.GetProperty("adamw");
        IEnumerable<string> undecayed = golden.Numbers.GetProperty("sft").GetProperty("no_decay").EnumerateArray().Select(e => e.GetString()!);
        var parameters = model.NamedParameters();
        Assert.Equal(undecayed.Order(), parameters.Select(p => p.Name).Where(parameter => !FlatParameters.Decays(parameter)).Order());
        var schedule = new LearningRateSchedule { Type = SchedulerType.Constant, Peak = expected.GetProperty("lr").GetDouble(), DecaySteps = 1 };
        var settings = new OptimizerSettings
        {
            AdamBeta1 = expected.GetProperty("betas")[0].GetDouble(),
            AdamBeta2 = expected.GetProperty("betas")[1].GetDouble(),
            AdamEpsilon = expected.GetProperty("eps").GetDouble(),
            MaxGradNorm = expected.GetProperty("clip_grad_norm").GetDouble(),
        };
        using var optimizer = new ModelOptimizer("actor", parameters, schedule, settings, expected.GetProperty("weight_decay").GetDouble());

        for (int step = 0; step < expected.GetProperty("steps").GetInt32(); step++)
        {
            var loss = golden.Loss(model);
            loss.backward();
            OptimizerStep taken = optimizer.Step(loss.item<float>());
            Assert.Equal(expected.GetProperty("losses")[step].GetDouble(), loss.item<float>(), LossTolerance);
            Assert.Equal(1, taken.GradientNorm!.Value / expected.GetProperty("grad_norms")[step].GetDouble(), 1e-4);
        }

        Assert.Equal(expected.GetProperty("loss_after").GetDouble(), golden.Loss(model).item<float>(), LossTolerance);
        foreach ((string parameter, Parameter value) in parameters)
        {
            CheckAfter(golden, parameter, value);
        }
    }

    [Theory]
    [MemberData(nameof(GoldenCases.WithScore), MemberType = typeof(GoldenCases))]
    public void Scores_values_and_their_gradients_are_those_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name);
        using ScoreModel model = ModelFolder.LoadScore(golden.Score, ScalarType.Float32);
        Assert.Equal(HeadOrigin.Loaded, model.HeadOrigin);

        var left = model.Values(golden.Hidden(model.Decoder, "left"));
        TensorAssert.Close(golden["score.scores_left"], left.select(1, -1), 1e-4, "scores, left");
        TensorAssert.Close(golden["score.values"][golden.Mask("right")], left[golden.Mask("left")], 1e-4, "values, left");

        var right = model.Values(golden.Hidden(model.Decoder, "right"));
        TensorAssert.Close(golden["score.values"], right, 1e-4, "values, right", golden.Mask("right"));
        var scores = right.gather(1, golden["lengths"].sub(1).unsqueeze(1)).squeeze(1);
        TensorAssert.Close(golden["score.scores_right"], scores, 1e-4, "scores, right");

        var loss = scores.square().mean();
        loss.backward();
        JsonElement expected = golden.Numbers.GetProperty("score");
        Assert.Equal(expected.GetProperty("loss").GetDouble(), loss.item<float>(), LossTolerance * Math.Max(1, loss.item<float>()));
        CheckGradients(golden, model.NamedParameters(), expected, "score.grad.");
    }

    internal static void CheckGradients(GoldenModel golden, IReadOnlyList<(string Name, Parameter Value)> parameters, JsonElement expected, string prefix)
    {
        double total = expected.GetProperty("grad_norm").GetDouble();
        Dictionary<string, double> norms = expected.GetProperty("grad_norms").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());
        Assert.Equal(norms.Keys.Order(), parameters.Select(p => p.Name).Order());
        foreach ((string name, Parameter value) in parameters)
        {
            var gradient = value.grad ?? zeros_like(value);
            Assert.Equal(norms[name], gradient.norm().item<float>(), 1e-4 * norms[name] + 1e-6);
            if (golden.Name != "long")
            {
                TensorAssert.Close(golden[prefix + name], gradient, 1e-5 * total, prefix + name);
            }
        }
    }

    internal static void CheckAfter(GoldenModel golden, string parameter, Parameter value)
    {
        var isWeak = zeros(value.numel(), dtype: ScalarType.Bool);
        if (golden.Numbers.GetProperty("adamw").GetProperty("weak_gradients").TryGetProperty(parameter, out JsonElement weak))
        {
            isWeak[tensor([.. weak.EnumerateArray().Select(e => e.GetInt64())], dtype: ScalarType.Int64)] = true;
        }

        var expected = golden["after." + parameter];
        isWeak = isWeak.view(value.shape);
        TensorAssert.Close(expected, value, 1e-5, "after." + parameter, isWeak.logical_not());
        TensorAssert.Close(expected, value, 6e-3, "after, weak: " + parameter, isWeak);
    }
}
