using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Tests.Models.Native;

public sealed class ScalarReleaseTests
{
    [Fact]
    public void Numbers_in_operations_survive_a_thread_that_collects_all_the_time()
    {
        using var stop = new CancellationTokenSource();
        Thread collector = new(() =>
        {
            while (!stop.IsCancellationRequested)
            {
#pragma warning disable RS0030 // Collections are what this test is about.
                GC.Collect(0);
#pragma warning restore RS0030
                GC.WaitForPendingFinalizers();
            }
        });
        long before = ScalarRelease.Count;
        collector.Start();
        try
        {
            using var noGrad = no_grad();
            using var outer = NewDisposeScope();
            var x = ones(100);
            for (int i = 0; i < 20_000; i++) // without the delay it fails within some hundred
            {
                using var scope = NewDisposeScope();
                Assert.Equal(5, ((x * 2.0) + x + x.mul(2))[0].item<float>());
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }

        Assert.True(ScalarRelease.Count > before + 1000, "releases do not come through the delay");
    }
}
