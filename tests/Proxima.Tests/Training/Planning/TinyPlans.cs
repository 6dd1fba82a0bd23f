using Proxima.Core.Ppo;
using Proxima.Generation;
using Proxima.Models;
using Proxima.TestSupport;
using Proxima.Training.Optimization;
using Proxima.Training.Planning;

namespace Proxima.Tests.Training.Planning;

/// <summary>A shape whose weights can be counted by hand.</summary>
internal static class TinyPlans
{
    /// <summary>C 8, L 2, H 2, Hkv 1, D 4, 16 within the feed-forward blocks, V 10, tied.</summary>
    public static ModelConfig Config()
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", """
            {
              "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "rms_norm_eps": 1e-05,
              "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 16,
              "vocab_size": 10, "max_position_embeddings": 64, "tie_word_embeddings": true
            }
            """);
        return ModelConfig.Load(folder.FullPath);
    }

    /// <summary>1,272 weights as a language model, 1,280 as a score model.</summary>
    public static ModelSize Size(double storedBytes = 4) => ModelSize.Of(Config(), storedBytes);

    public static MemoryPlan Memory(WeightCopies copies = WeightCopies.None, bool narrowFrozen = false, bool offload = false, double storedBytes = 4) => new()
    {
        Process = 1000,
        Actor = Size(storedBytes),
        Critic = Size(storedBytes),
        Reward = Size(storedBytes),
        Copies = copies,
        NarrowFrozen = narrowFrozen,
        Offload = offload,
        AsyncSave = false,
        Engine = new EngineMemory(Weights: 5000, Cache: 300, Rows: 70),
        ScoreActivations = 600,
        UpdateActivations = 900,
    };

    /// <summary>8 prompts with 2 responses each, 2 passes of 4 optimizer steps of 2 micro-batches of 2 sequences.</summary>
    public static BatchPlan Batch(int ranks = 1) => new()
    {
        Ranks = ranks,
        GlobalPrompts = 8 * ranks,
        SequencesPerRollout = 16,
        SequencesPerMicroBatch = 2,
        MicroBatchesPerPass = 8,
        MicroBatchesPerOptimizerStep = 2,
        OptimizerStepsPerPass = 4,
        Passes = 2,
        StepsPerEpoch = 5,
        TotalSteps = 10,
    };
}
