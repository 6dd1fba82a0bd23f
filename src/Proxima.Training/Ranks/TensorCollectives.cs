using Proxima.Distributed;
using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Training.Ranks;

/// <summary>Collectives on tensors.</summary>
internal static class TensorCollectives
{
    /// <summary>Puts the sum or the extreme over all ranks in place of each number.</summary>
    /// <param name="ranks">the ranks</param>
    /// <param name="what">what the numbers are, for messages</param>
    /// <param name="numbers">float32 on the CPU, contiguous</param>
    /// <param name="reduction">how the numbers of all ranks become one</param>
    public static unsafe void AllReduce(this ICommunicator ranks, string what, Tensor numbers, Reduction reduction) =>
        ranks.AllReduce(what, (float*)TensorAddress.Of(numbers), numbers.numel(), reduction);
}
