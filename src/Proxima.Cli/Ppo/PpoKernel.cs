using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.Training.Checkpoints;

namespace Proxima.Cli.Ppo;

/// <summary>
/// The kernel of a run's engine. Kernels differ in rounding, so a run keeps the one that it began with: it stands in
/// run_config.json and in each checkpoint.
/// </summary>
internal static class PpoKernel
{
    /// <summary>With the kernel of the checkpoint that the run goes on from, unless the settings name one.</summary>
    /// <exception cref="ProximaException">that kernel does not go with the other settings</exception>
    public static PpoInputs OfCheckpoint(PpoInputs inputs)
    {
        ComputeKernel wanted = inputs.Settings.Machine.ComputeKernel;
        if (!inputs.Settings.Sampling.UseFusemt
            || inputs.Checkpoint is not { } checkpoint
            || CheckpointStore.Read(checkpoint).ComputeKernel is not { } made || made == ComputeKernel.Auto)
        {
            return inputs;
        }

        string note = $"compute_kernel = {EnumText.Of(wanted)}, but {checkpoint} was made with {EnumText.Of(made)}: responses differ in rounding from those of an uninterrupted run";
        return wanted switch
        {
            ComputeKernel.Auto when made != ComputeKernel.Fp32 && !inputs.Settings.Ppo.RecomputeOldLogProbs => throw new ProximaException(
                ExitCode.Usage,
                $"recompute_old_log_probs = false, but {checkpoint} was made with compute_kernel = {EnumText.Of(made)}, whose log-probs are not exact. "
                + "Leave it out, or give --compute_kernel fp32."),
            ComputeKernel.Auto => With(inputs, made),
            _ when wanted == made => inputs,
            _ => inputs with { Notes = [.. inputs.Notes, note] },
        };
    }

    /// <summary>With the kernel that was chosen.</summary>
    public static PpoInputs With(PpoInputs inputs, ComputeKernel kernel) => inputs with
    {
        Settings = inputs.Settings with { Machine = inputs.Settings.Machine with { ComputeKernel = kernel } },
    };
}
