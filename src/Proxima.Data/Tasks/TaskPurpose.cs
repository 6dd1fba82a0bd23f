namespace Proxima.Data.Tasks;

/// <summary>What a <see cref="TaskMixer"/> feeds: mixers of different purposes share no random numbers.</summary>
public enum TaskPurpose
{
    /// <summary>The examples that are trained on.</summary>
    Training = 0,

    /// <summary>The supervised examples beside PPO.</summary>
    Ptx = 1,

    /// <summary>Anything drawn for evaluation.</summary>
    Evaluation = 2,
}
