using Proxima.Core;
using Proxima.Models;
using Proxima.Numerics;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>Forwards over whole sequences that keep what belongs to response tokens.</summary>
internal static class ResponseForward
{
    /// <summary>The states before each response token, with their graph when gradients are on.</summary>
    /// <returns>[N, C]</returns>
    public static Tensor TokenStates(CausalLanguageModel model, SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var hidden = model.Decoder.Forward(batch.Ids, batch.Positions); // [B, T, C]
        return hidden.flatten(0, 1).index_select(0, batch.TokenStates).MoveToOuterDisposeScope(); // [N, C]
    }

    /// <summary>Log-probs and entropies of the response tokens, without gradients.</summary>
    /// <returns>[N] and [N], float32</returns>
    public static (Tensor LogProbs, Tensor Entropies) LogProbs(CausalLanguageModel model, SequenceBatch batch, double temperature)
    {
        using var noGrad = no_grad();
        using var states = TokenStates(model, batch);
        return ChunkedHead.Evaluate(model.Head, states, batch.Tokens, temperature);
    }

    /// <summary>The values of the states before each response token, with their graph when gradients are on.</summary>
    /// <returns>[M] float32</returns>
    /// <exception cref="ProximaException">the model has no embedding for an id</exception>
    public static Tensor Values(ScoreModel model, SequenceBatch batch)
    {
        if (batch.HighestId >= model.Config.VocabularySize)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"a response holds the id {batch.HighestId}, and the vocabulary of the {model.Config.Architecture} that is to read it has {model.Config.VocabularySize} tokens. "
                + "Take a reward model or critic with a vocabulary as large as the actor's.");
        }

        using var scope = NewDisposeScope();
        var hidden = model.Decoder.Forward(batch.Ids, batch.Positions); // [B, T, C]
        var states = hidden.flatten(0, 1).index_select(0, batch.ValueStates).unsqueeze(0); // [1, M, C]
        return model.Values(states).squeeze(0).MoveToOuterDisposeScope(); // [M]
    }
}
