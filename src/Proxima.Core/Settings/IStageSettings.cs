namespace Proxima.Core.Settings;

/// <summary>What the root settings of the stages before PPO have in common.</summary>
public interface IStageSettings : ITrainingSettings
{
    public StageDataSettings Data { get; }

    public StageModelSettings Model { get; }
}
