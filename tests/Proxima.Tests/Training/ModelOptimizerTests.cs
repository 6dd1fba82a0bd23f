using System.Text.Json;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.TestSupport;
using Proxima.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Tests.Training;

public sealed class ModelOptimizerTests
{
    [Fact]
    public void Steps_equal_those_of_PaddleNLP_with_decay_and_clip()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(RepositoryPaths.InRepository("tests", "goldens", "ppo", "paddlenlp.json")));
        foreach (JsonElement item in document.RootElement.GetProperty("adamw").EnumerateArray())
        {
            using var scope = NewDisposeScope();
            JsonElement settings = item.GetProperty("settings");
            JsonElement inputs = item.GetProperty("inputs");
            (string Name, Parameter Value)[] named = [
                ("first.weight", new Parameter(Matrix(inputs.GetProperty("weights")[0]))),
                ("first.bias", new Parameter(Matrix(inputs.GetProperty("weights")[1])))];
            double rate = settings.GetProperty("lr").GetDouble();
            using var optimizer = new ModelOptimizer(
                "actor", named, Constant(rate),
                new OptimizerSettings
                {
                    AdamBeta1 = settings.GetProperty("beta1").GetDouble(),
                    AdamBeta2 = settings.GetProperty("beta2").GetDouble(),
                    AdamEpsilon = settings.GetProperty("epsilon").GetDouble(),
                    MaxGradNorm = settings.GetProperty("clip_global_norm") is { ValueKind: JsonValueKind.Number } clip ? clip.GetDouble() : 1e9,
                },
                settings.GetProperty("weight_decay").GetDouble());
            int step = 0;
            foreach (JsonElement gradients in inputs.GetProperty("grads").EnumerateArray())
            {
                for (int p = 0; p < named.Length; p++)
                {
                    (named[p].Value * Matrix(gradients[p])).sum().backward();
                }

                OptimizerStep taken = optimizer.Step(loss: 0);
                Assert.Null(taken.Skipped);
                Assert.Equal(rate, taken.Rate);
                JsonElement expected = item.GetProperty("outputs").GetProperty("weights")[step++];
                for (int p = 0; p < named.Length; p++)
                {
                    Assert.InRange((named[p].Value - Matrix(expected[p])).abs().max().item<float>(), 0, 2e-6);
                }
            }
        }
    }

    [Fact]
    public void A_step_that_is_not_finite_is_skipped_and_named_and_three_in_a_row_end_the_run()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(3));
        var bias = new Parameter(ones(2));
        using var optimizer = new ModelOptimizer(
            "critic", [("score.weight", weight), ("score.bias", bias)], Constant(0.1), new OptimizerSettings(), weightDecay: 0);

        void Backward(double factor) => (bias * factor).sum().backward();
        Backward(double.NaN);
        OptimizerStep skipped = optimizer.Step(1);
        Assert.Contains("the gradient of score.bias is not finite", skipped.Skipped, StringComparison.Ordinal);
        Assert.Equal(1, bias[0].item<float>());
        Assert.Equal(0, optimizer.Steps);

        Backward(1);
        Assert.Contains("the loss is not finite", optimizer.Step(double.PositiveInfinity).Skipped, StringComparison.Ordinal);
        Backward(1);
        Assert.Null(optimizer.Step(1).Skipped);
        Assert.Equal(1, optimizer.Steps);
        Assert.Equal(0.9, bias[0].item<float>(), 1e-5);

        Backward(double.NaN);
        optimizer.Step(1);
        Backward(double.NaN);
        optimizer.Step(1);
        Backward(double.NaN);
        ProximaException exception = Assert.Throws<ProximaException>(() => optimizer.Step(1));
        Assert.Equal(ExitCode.Numerical, exception.ExitCode);
    }

    [Theory]
    [InlineData("model.embed_tokens.weight", true)]
    [InlineData("model.layers.0.self_attn.q_proj.weight", true)]
    [InlineData("model.layers.0.self_attn.q_proj.bias", false)]
    [InlineData("model.layers.0.self_attn.q_norm.weight", false)]
    [InlineData("model.layers.0.input_layernorm.weight", false)]
    [InlineData("model.norm.weight", false)]
    [InlineData("transformer.h.0.ln_1.weight", false)]
    [InlineData("transformer.ln_f.weight", false)]
    [InlineData("score.weight", true)]
    public void Biases_and_norm_weights_are_not_decayed(string name, bool decays) => Assert.Equal(decays, FlatParameters.Decays(name));

    private static LearningRateSchedule Constant(double rate) => new() { Type = SchedulerType.Constant, Peak = rate, DecaySteps = 1 };

    private static Tensor Matrix(JsonElement value) => value[0].ValueKind == JsonValueKind.Array
        ? stack([.. value.EnumerateArray().Select(Matrix)])
        : tensor(value.EnumerateArray().Select(v => v.GetSingle()).ToArray());
}
