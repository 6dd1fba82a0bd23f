using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Training.Preferences;

/// <summary>What a reward model says of responses.</summary>
internal static class ResponseScores
{
    /// <summary>The score at each response's last token, with its graph when gradients are on.</summary>
    /// <returns>[B] float32</returns>
    public static Tensor Of(ScoreModel model, PreferenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var hidden = model.Decoder.Forward(batch.Ids, batch.Positions); // [B, T, C]
        var states = hidden.flatten(0, 1).index_select(0, batch.LastStates).unsqueeze(0); // [1, B, C]
        return model.Values(states).squeeze(0).MoveToOuterDisposeScope(); // [B]
    }
}
