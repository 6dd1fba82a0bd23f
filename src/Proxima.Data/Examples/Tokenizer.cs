namespace Proxima.Data.Examples;

/// <summary>What the encoder needs of a tokenizer; gives way to the tokenizer of Proxima.Text.</summary>
public sealed class Tokenizer(Func<string, int[]> encode, Func<string, int[]> encodeWithSpecialTokens, int? eosId)
{
    public int? EosId => eosId;

    public int[] Encode(string text) => encode(text);

    public int[] EncodeWithSpecialTokens(string text) => encodeWithSpecialTokens(text);
}
