namespace Proxima.Core.Settings;

/// <summary>The command that <c>init</c> writes a config for. In snake_case on the command line.</summary>
public enum InitStage
{
    Ppo,
    Sft,
    Reward,
}
