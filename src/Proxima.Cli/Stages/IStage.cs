using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using Proxima.Training.Stages;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Cli.Stages;

/// <summary>What a stage before PPO adds to the run that both share: its model, its examples, its loss and its evaluation.</summary>
/// <typeparam name="T">its examples</typeparam>
internal interface IStage<T> : IDisposable
{
    /// <summary>The weights that learn, by their names in files.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> NamedParameters { get; }

    /// <summary>Their optimizer.</summary>
    /// <param name="schedule">its rate</param>
    /// <param name="settings">moments, clip, decay</param>
    /// <param name="ranks">the ranks that train them</param>
    public ModelOptimizer Optimizer(LearningRateSchedule schedule, OptimizerSettings settings, ShardedRanks ranks);

    /// <summary>Where the model comes from and what is new in it, for the log.</summary>
    public string Description { get; }

    /// <summary>Dialogue → example.</summary>
    public T Encode(Dialogue dialogue);

    /// <summary>Tokens of the example's longest row, which decides how much is padded.</summary>
    public int Length(T example);

    /// <summary>Tokens of the example, prompts and replies together.</summary>
    public int Tokens(T example);

    /// <summary>The step that learns.</summary>
    public IStageUpdater<T> Updater(ModelOptimizer optimizer, SharedWork work);

    /// <summary>Evaluates on held-out data, unless a stop is asked for before its end; null when there are none.</summary>
    public Func<SharedWork, CancellationToken, IReadOnlyDictionary<string, double>>? Evaluation();

    /// <summary>Writes the model as a Hugging Face folder.</summary>
    /// <param name="folder">the folder</param>
    /// <param name="weights">gives the model's by their checkpoint names, as views of the open scope</param>
    public void Save(string folder, Func<IReadOnlyDictionary<string, Tensor>> weights);

    /// <summary>What is done with the final weights before they are saved.</summary>
    /// <param name="weights">the model's</param>
    /// <returns>a line for the log; null when nothing was done</returns>
    public string? Finish(FlatParameters weights);
}
