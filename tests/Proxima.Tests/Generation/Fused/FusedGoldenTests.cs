using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;
using Proxima.Tests.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Generation.Fused;

/// <summary>Logits of the fused engine, with every kernel, against those of transformers.</summary>
public sealed class FusedGoldenTests
{
    public static TheoryData<string, string> CasesAndKernels
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string name in GoldenCases.WithArrays)
            {
                foreach (string kernel in KernelCases.All)
                {
                    data.Add(name, kernel);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(CasesAndKernels))]
    public void Logits_and_log_probs_stay_within_the_tolerance_of_the_precision(string name, string kernelName)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        PanelKernel kernel = KernelCases.Named(kernelName);
        using FusedModel fused = new(model, threads: 1, KernelCases.Choice(kernel));

        var logits = Logits(fused, golden); // [B, T, V]

        bool isExact = kernel.Kind == ComputeKernel.Fp32;
        JsonElement yardstick = golden.Numbers.GetProperty("bf16");
        double Bound(string number) => isExact ? golden.LogitTolerance : 2 * yardstick.GetProperty(number).GetDouble();
        var mask = golden.Mask("right");
        TensorAssert.Close(golden["logits"], logits, Bound("max_abs_logit_difference"), "logits", mask.unsqueeze(-1));
        var expected = golden["logits"].log_softmax(-1);
        var found = logits.log_softmax(-1);
        double divergence = (expected.exp() * (expected - found)).sum(-1).masked_select(mask).mean().item<float>();
        Assert.InRange(divergence, -1e-6, Bound("mean_kl"));
        long T = logits.shape[1];
        var picked = found.narrow(1, 0, T - 1).gather(-1, golden["right.input_ids"].narrow(1, 1, T - 1).unsqueeze(-1)).squeeze(-1);
        TensorAssert.Close(golden["logprobs"], picked, Bound("max_abs_logprob_difference"), "log-probs", golden["logprobs_valid"]);
    }

    /// <summary>Every row of the right padded batch, written token by token.</summary>
    private static Tensor Logits(FusedModel fused, GoldenModel golden)
    {
        long[] lengths = golden["lengths"].data<long>().ToArray();
        long[] ids = golden["right.input_ids"].data<long>().ToArray();
        int B = lengths.Length;
        int T = ids.Length / B;
        int V = fused.Config.VocabularySize;
        float[] logits = new float[B * T * V];
        fused.Refresh();
        using FusedForward forward = new(fused, new SpinBarrier(1), threads: 1, (B, B), T);
        using PagePool pool = new(forward.Shape);
        PageTable[] pages = [.. lengths.Select(_ => new PageTable(pool))];
        StepBatch batch = new(B, B);
        for (int t = 0; t < T; t++)
        {
            int[] rows = [.. Enumerable.Range(0, B).Where(b => t < lengths[b])];
            batch.Clear();
            foreach (int b in rows)
            {
                batch.Add(pages[b], [(int)ids[(b * T) + t]], t);
                batch.WantLogits();
            }

            forward.Run(0, batch);
            for (int i = 0; i < rows.Length; i++)
            {
                forward.Logits(i).CopyTo(logits.AsSpan(((rows[i] * T) + t) * V, V));
            }
        }

        return tensor(logits).view(B, T, V);
    }
}
