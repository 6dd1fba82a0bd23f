namespace Proxima.Core.Settings;

/// <summary>What the root settings of every command that trains have in common.</summary>
public interface ITrainingSettings
{
    public OptimizerSettings Optimizer { get; }

    public BatchSettings Batch { get; }

    public RunSettings Run { get; }

    public MachineSettings Machine { get; }
}
