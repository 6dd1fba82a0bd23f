using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>Lengths that depend on the model: its positions bound max_seq_len, and max_prompt_len follows.</summary>
public static class SequenceLengths
{
    /// <summary>max_seq_len as it will be used.</summary>
    /// <param name="maxSeqLen">the setting</param>
    /// <param name="isWritten">whether the user wrote it: the default gives way to the model, a written value does not</param>
    /// <param name="positions">positions of the model (max_position_embeddings)</param>
    /// <exception cref="ProximaException">the user asked for more than the model has</exception>
    public static int Limit(int maxSeqLen, bool isWritten, int positions) => isWritten && maxSeqLen > positions
        ? throw new ProximaException(
            ExitCode.Usage,
            $"max_seq_len = {maxSeqLen}: expected at most the {positions} positions of the model. Lower it, or leave it out.")
        : Math.Min(maxSeqLen, positions);

    /// <summary>The settings with max_seq_len and max_prompt_len as they will be used.</summary>
    /// <param name="sampling">validated settings</param>
    /// <param name="isMaxSeqLenWritten">whether the user wrote max_seq_len: the default gives way to the model, a written value does not</param>
    /// <param name="positions">positions of the model (max_position_embeddings)</param>
    /// <exception cref="ProximaException">prompt and response do not fit</exception>
    public static SamplingSettings Resolve(SamplingSettings sampling, bool isMaxSeqLenWritten, int positions)
    {
        int maxSeqLen = Limit(sampling.MaxSeqLen, isMaxSeqLenWritten, positions);
        int maxPromptLen = sampling.MaxPromptLen ?? maxSeqLen - sampling.MaxDecLen - 1;
        return maxPromptLen >= 1 && maxPromptLen + sampling.MaxDecLen < maxSeqLen
            ? sampling with { MaxSeqLen = maxSeqLen, MaxPromptLen = maxPromptLen }
            : throw new ProximaException(
                ExitCode.Usage,
                $"max_prompt_len = {maxPromptLen}, max_dec_len = {sampling.MaxDecLen}: expected a prompt of at least 1 token and "
                + $"max_prompt_len + max_dec_len below max_seq_len = {maxSeqLen} (the model has {positions} positions). Shorten the prompts or responses.");
    }
}
