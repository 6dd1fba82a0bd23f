using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Tests.Models;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using static TorchSharp.torch;
using AdamW = Proxima.Training.Optimization.AdamW;
using Parameter = TorchSharp.Modules.Parameter;

namespace Proxima.Tests.Training;

public sealed unsafe class MasterWeightTests
{
    [Fact]
    public void Numbers_are_rounded_to_bfloat16_as_libtorch_does()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var halfway = tensor([1.00390625f, 1.01171875f, -1.00390625f, 0f, -0f, 3.3895314e38f, 1e-40f]); // ties go to the even one
        var numbers = cat([halfway, randn([1003], generator: generator), randn([1003], generator: generator) * 1e-6]);
        long count = numbers.numel();
        using var source = new FlatBuffer(count, ScalarType.Float32);
        using var narrow = new FlatBuffer(count, ScalarType.BFloat16);
        using var wide = new FlatBuffer(count, ScalarType.Float32);
        source.Tensor.copy_(numbers);
        BFloat16Copy.Narrow(source.Floats, (ushort*)narrow.First, count);
        BFloat16Copy.Round(source.Floats, wide.Floats, count);

        var expected = numbers.to_type(ScalarType.BFloat16);
        TensorAssert.Close(expected, narrow.Tensor, 0, "narrow");
        TensorAssert.Close(expected, wide.Tensor, 0, "wide");
    }

    [Fact]
    public void Gradients_in_16_bit_are_added_to_those_in_32_and_zeroed()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        const int Count = 1003;
        using var narrow = new FlatBuffer(Count, ScalarType.BFloat16);
        using var wide = new FlatBuffer(Count, ScalarType.Float32);
        var added = cat([tensor([3.3e38f, -0f, 1e-40f]), randn([Count - 3], generator: generator)]).to_type(ScalarType.BFloat16);
        var sums = randn([Count], generator: generator);
        narrow.Tensor.copy_(added);
        wide.Tensor.copy_(sums);
        BFloat16Copy.Collect((ushort*)narrow.First, wide.Floats, Count);

        TensorAssert.Close(sums + added.to_type(ScalarType.Float32), wide.Tensor, 0, "sums");
        Assert.Equal(0, narrow.Tensor.count_nonzero().item<long>());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(4097)]
    [InlineData(20011)]
    public void A_step_of_any_size_moves_weights_as_libtorch_does(int count)
    {
        const double Rate = 0.01;
        const double Decay = 0.1;
        int half = count / 2;
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)count);
        var start = randn([count], generator: generator);
        using var parameters = new FlatParameters([
            ("a.weight", new Parameter(start.narrow(0, 0, half).clone())), ("a.bias", new Parameter(start.narrow(0, half, count - half).clone()))]);
        using var adam = new AdamW(parameters, new ModelShards("model", parameters, ShardedRanks.Alone()), 0.9, 0.95, 1e-8, Decay);

        Parameter decayed = new(start.narrow(0, 0, half).clone());
        Parameter free = new(start.narrow(0, half, count - half).clone());
        using var first = optim.AdamW([decayed], Rate, 0.9, 0.95, 1e-8, Decay);
        using var second = optim.AdamW([free], Rate, 0.9, 0.95, 1e-8, 0);
        for (int step = 0; step < 3; step++)
        {
            var gradients = randn([count], generator: generator);
            decayed.grad = gradients.narrow(0, 0, half) * 0.5;
            free.grad = gradients.narrow(0, half, count - half) * 0.5;
            first.step();
            second.step();
            parameters.Gradients.copy_(gradients);
            adam.Step(Rate, gradientFactor: 0.5);
        }

        TensorAssert.Close(cat([decayed, free]), parameters.Values, 1e-6, $"{count} weights");
    }

    [Theory]
    [InlineData(WeightCopies.BFloat16)]
    [InlineData(WeightCopies.Rounded)]
    public void Steps_too_small_for_16_bit_add_up_in_the_master_weights(WeightCopies copies)
    {
        using var scope = NewDisposeScope();
        Parameter weight = new(ones(40).to_type(TypeOf(copies)));
        using var optimizer = new ModelOptimizer(
            "actor", [("a.weight", weight)], Constant(1e-4), new OptimizerSettings(), weightDecay: 0, copies);
        for (int step = 1; step <= 60; step++)
        {
            weight.sum().backward();
            optimizer.EndMicroBatch();
            Assert.Null(optimizer.Step(loss: 1).Skipped);
            float[] expected = [.. Enumerable.Repeat(1 - (1e-4f * step), 40)];
            TensorAssert.Close(tensor(expected), optimizer.Parameters.Values, 2e-6, $"masters after step {step}");
            TensorAssert.Close(optimizer.Parameters.Values.to_type(ScalarType.BFloat16), weight, 0, $"copies after step {step}");
        }

        Assert.Equal(0.9921875f, weight[0].to_type(ScalarType.Float32).item<float>()); // .994 in steps of 2⁻⁸
    }

    [Fact]
    public void Gradients_of_micro_batches_are_summed_in_32_bit()
    {
        using var scope = NewDisposeScope();
        Parameter weight = new(ones(3).to_type(ScalarType.BFloat16));
        using var parameters = new FlatParameters([("a.weight", weight)], WeightCopies.BFloat16);
        for (int batch = 0; batch < 257; batch++)
        {
            weight.sum().backward(); // in 16 bit the sum would stay at 256
            parameters.CollectGradients();
        }

        Assert.Equal([257f, 257f, 257f], parameters.Gradients.data<float>().ToArray());
        Assert.Equal(0, weight.grad!.abs().sum().to_type(ScalarType.Float32).item<float>());
    }

    [Fact]
    public void Master_weights_hold_every_bit_of_the_file_and_are_what_is_saved()
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new("llama_gqa_tied");
        using TemporaryFolder folder = new();
        using CausalLanguageModel exact = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        using CausalLanguageModel narrow = ModelFolder.LoadCausal(golden.Causal, ScalarType.BFloat16);
        using var parameters = new FlatParameters(narrow.NamedParameters(), WeightCopies.BFloat16, exact.NamedParameters());
        ModelFolder.Save(narrow, golden.Causal, folder.Path, parameters.Named());
        using CausalLanguageModel saved = ModelFolder.LoadCausal(folder.Path, ScalarType.Float32);

        foreach (((string name, Parameter expected), (_, Parameter written), (_, Parameter copy)) in
            exact.NamedParameters().Zip(saved.NamedParameters(), narrow.NamedParameters()))
        {
            TensorAssert.Close(expected, written, 0, name);
            TensorAssert.Close(expected.to_type(ScalarType.BFloat16), copy, 0, name);
        }
    }

    [Theory]
    [InlineData(OptLevel.O1, ScalarType.BFloat16, WeightCopies.None, ScalarType.Float32)]
    [InlineData(OptLevel.O1, ScalarType.Float32, WeightCopies.None, ScalarType.Float32)]
    [InlineData(OptLevel.O2, ScalarType.BFloat16, WeightCopies.BFloat16, ScalarType.BFloat16)]
    [InlineData(OptLevel.O2, ScalarType.Float32, WeightCopies.Rounded, ScalarType.Float32)]
    public void A_bf16_run_keeps_the_products_that_it_began_with(OptLevel level, ScalarType products, WeightCopies copies, ScalarType stream)
    {
        TrainingPrecision precision = TrainingPrecision.Of(new MachineSettings { Bf16 = true, Fp16OptLevel = level }, products);
        Assert.Equal(products, precision.Bf16Products);
        Assert.Equal(products, precision.Options.Products);
        Assert.Equal(stream, precision.Options.Stream);
        Assert.Equal(copies, precision.Copies);
        Assert.Equal(ScalarType.BFloat16, precision.Frozen);
    }

    [Fact]
    public void Without_bf16_everything_is_float32_whatever_was_before()
    {
        TrainingPrecision precision = TrainingPrecision.Of(new MachineSettings(), ScalarType.BFloat16);
        Assert.Null(precision.Bf16Products);
        Assert.Equal((ScalarType.Float32, ScalarType.Float32, WeightCopies.None), (precision.Trained, precision.Frozen, precision.Copies));
        Assert.Equal(new ComputeOptions(), precision.Options);
    }

    private static ScalarType TypeOf(WeightCopies copies) => copies == WeightCopies.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    private static LearningRateSchedule Constant(double rate) => new() { Type = SchedulerType.Constant, Peak = rate, DecaySteps = 1 };
}
