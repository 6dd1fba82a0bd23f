using System.Numerics;
using Proxima.Core.Settings;
using Proxima.Models;

namespace Proxima.Cli.Starting;

/// <summary>Lengths, batches and rates that fit a model and its data: a start that runs, not the end of a search.</summary>
internal sealed record InitPlan
{
    private const int LongestResponse = 512;
    private const int LengthStep = 8;
    private const int FewestSteps = 20;
    private const int MostPrompts = 64;
    private const int MicroBatchesOfRollout = 4;

    /// <summary>Longest prompt in tokens.</summary>
    public int MaxPromptLen { get; private init; }

    /// <summary>Longest response in tokens.</summary>
    public int MaxDecLen { get; private init; }

    /// <summary>Prompt and reply in tokens.</summary>
    public int MaxSeqLen { get; private init; }

    /// <summary>Prompts of a rollout, or sequences of an optimizer step of a stage.</summary>
    public int Batch { get; private init; }

    /// <summary>Sequences of a micro-batch.</summary>
    public int MicroBatch => Math.Max(1, Batch / MicroBatchesOfRollout);

    /// <summary>Passes over the data, so that there is something to see.</summary>
    public int Epochs { get; private init; }

    /// <summary>Steps of the run.</summary>
    public int Steps { get; private init; }

    /// <summary>Peak rate.</summary>
    public double LearningRate { get; private init; }

    /// <summary>Whether the longest prompt, or example, does not fit.</summary>
    public bool Cuts { get; private init; }

    public static InitPlan Create(InitStage stage, ModelConfig model, InitData data)
    {
        bool isPpo = stage == InitStage.Ppo;
        int batch = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(data.Lines, isPpo ? MostPrompts : MostPrompts / 2) + 1) / 2;
        int stepsPerEpoch = (data.Lines + batch - 1) / batch;
        int epochs = Math.Max(1, (FewestSteps + stepsPerEpoch - 1) / stepsPerEpoch);
        int response = Math.Min(LongestResponse, model.MaxPositions / 2);
        int prompt = Math.Min(RoundedUp(data.LongestPrompt), model.MaxPositions - response - 1);
        int example = Math.Min(RoundedUp(data.LongestPrompt + data.LongestReply), model.MaxPositions);
        return new InitPlan
        {
            MaxDecLen = response,
            MaxPromptLen = prompt,
            MaxSeqLen = isPpo ? prompt + response + 1 : Math.Max(2, example),
            Cuts = isPpo ? data.LongestPrompt > prompt : data.LongestPrompt + data.LongestReply > example,
            Batch = batch,
            Epochs = epochs,
            Steps = epochs * stepsPerEpoch,
            LearningRate = Rate(stage, model.HiddenSize),
        };
    }

    private static int RoundedUp(int length) => (length + LengthStep - 1) / LengthStep * LengthStep;

    /// <summary>The wider a model, the smaller the steps that it bears.</summary>
    private static double Rate(InitStage stage, int hiddenSize)
    {
        double ppo = hiddenSize < 256 ? 1e-4 : hiddenSize < 1024 ? 1e-5 : 2e-6;
        return stage == InitStage.Ppo ? ppo : ppo * 5;
    }
}
