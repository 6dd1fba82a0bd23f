using System.Runtime.InteropServices;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Models.Layers;
using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

[Collection(nameof(MemoryCount))]
public sealed partial class RecomputationTests
{
    /// <summary>Each case with each granularity.</summary>
    public static TheoryData<string, RecomputeGranularity> Cases
    {
        get
        {
            TheoryData<string, RecomputeGranularity> data = [];
            foreach (string name in GoldenCases.All)
            {
                foreach (RecomputeGranularity granularity in Enum.GetValues<RecomputeGranularity>())
                {
                    data.Add(name, granularity);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_the_same_to_the_bit(string name, RecomputeGranularity granularity)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name);
        Tensor[] expected = Gradients(golden, new ComputeOptions());
        Tensor[] found = Gradients(golden, new ComputeOptions { Recompute = granularity });
        Assert.All(expected.Zip(found), pair => Assert.True(pair.First.eq(pair.Second).all().item<bool>(), "a bit differs"));
    }

    [Fact]
    public void Each_granularity_keeps_less_than_the_one_before()
    {
        long none = BytesKept(null);
        long core = BytesKept(RecomputeGranularity.CoreAttn);
        long attention = BytesKept(RecomputeGranularity.FullAttn);
        long full = BytesKept(RecomputeGranularity.Full);
        Assert.True(none > 1.1 * core && core > 1.1 * attention && attention > 1.1 * full, $"kept {none} > {core} > {attention} > {full} bytes");
    }

    [Fact]
    public void A_forward_pass_leaves_one_tensor_behind()
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new("llama_gqa_tied");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        var (ids, positions) = (golden["right.input_ids"], golden["right.position_ids"]);
        foreach (RecomputeGranularity granularity in Enum.GetValues<RecomputeGranularity>())
        {
            model.Decoder.Options = new ComputeOptions { Recompute = granularity };
            using var step = NewDisposeScope();
            var hidden = model.Decoder.Forward(ids, positions);
            Assert.Equal(1, step.DisposablesCount);
            hidden.sum().backward();
            int gradients = granularity == RecomputeGranularity.CoreAttn ? 3 : 1; // of the last part, until the scope ends
            Assert.Equal(2 + gradients, step.DisposablesCount);
        }
    }

    [Fact]
    public void What_fails_in_a_backward_pass_gives_no_gradient_and_is_thrown_afterwards()
    {
        using var scope = NewDisposeScope();
        ForwardPass pass = new(1, 1, null, [], null, AttentionKernel.Products, new Precision(ScalarType.Float32, ScalarType.Float32, false), null);
        var input = ones(3).requires_grad_(true);
        int calls = 0;
        Tensor Compute(IReadOnlyList<Tensor> inputs, ForwardPass again) => ++calls == 1 ? inputs[0] * 2 : throw new InvalidOperationException("no memory");
        Recomputation.Run(Compute, pass, input).sum().backward();
        Assert.True(input.grad!.isnan().all().item<bool>());
        Assert.Equal("no memory", Assert.Throws<InvalidOperationException>(Recomputation.ThrowIfFailed).Message);
        Recomputation.ThrowIfFailed();
    }

    private static Tensor[] Gradients(GoldenModel golden, ComputeOptions options)
    {
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        model.Decoder.Options = options;
        golden.Loss(model).backward();
        return [.. model.NamedParameters().Select(p => p.Value.grad is { } gradient ? gradient.clone() : zeros_like(p.Value))];
    }

    /// <summary>What the graph of a forward pass holds, by the count of malloc.</summary>
    private static long BytesKept(RecomputeGranularity? granularity)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new("long");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        model.Decoder.Options = new ComputeOptions { Recompute = granularity };
        long before = BytesInUse();
        var hidden = golden.Hidden(model.Decoder, "right");
        long kept = BytesInUse() - before;
        hidden.sum().backward();
        return kept;
    }

    private static long BytesInUse()
    {
        MallocInfo info = GetMallocInfo();
        return (long)(info.InUse + info.Mapped) + (TensorHeap.LiveBytes ?? 0);
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallinfo2")]
    private static partial MallocInfo GetMallocInfo();

    /// <summary>struct mallinfo2 of the GNU C library.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    private struct MallocInfo
    {
        [FieldOffset(32)]
        public nuint Mapped;

        [FieldOffset(56)]
        public nuint InUse;
    }
}
