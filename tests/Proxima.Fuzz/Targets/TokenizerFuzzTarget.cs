using Proxima.Core;
using Proxima.Text;

namespace Proxima.Fuzz.Targets;

/// <summary>
/// Loads bytes as a tokenizer file and, when it loads, encodes and decodes with it. Only a <see cref="ProximaException"/>
/// of loading may come out; encoding and decoding must not throw at all.
/// </summary>
public static class TokenizerFuzzTarget
{
    private static readonly string[] Texts =
    [
        string.Empty,
        "abc ab",
        "  The 3 dogs\n\n\tran, don't!  ",
        "你好，世界 <s></s> [UNK] <0x41> ▁▁a",
        "e\u0301\uFFFE \U0001F468\u200D\U0001F469",
        "\uD800a",
    ];

    public static void TokenizerJson(ReadOnlySpan<byte> content) => Run(content, "tokenizer.json");

    public static void SentencePiece(ReadOnlySpan<byte> content) => Run(content, "tokenizer.model");

    private static void Run(ReadOnlySpan<byte> content, string name) => FuzzFolder.With(name, content, folder =>
    {
        if (Load(folder) is Tokenizer tokenizer)
        {
            Use(tokenizer);
        }
    });

    private static Tokenizer? Load(string folder)
    {
        try
        {
            return Tokenizer.Load(folder);
        }
        catch (ProximaException e) when (e.ExitCode == ExitCode.Data)
        {
            return null;
        }
    }

    private static void Use(Tokenizer tokenizer)
    {
        foreach (string text in Texts)
        {
            int[] ids = tokenizer.EncodeWithSpecialTokens(text);
            string whole = tokenizer.DecodeWithSpecialTokens(ids);
            StreamingDecoder decoder = tokenizer.NewStreamingDecoder(SpecialTokenDisplay.Show);
            string streamed = string.Concat(ids.Select(decoder.Push)) + decoder.Finish();
            if (!string.Equals(whole, streamed, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"streaming gave \"{streamed}\" and decoding \"{whole}\"");
            }
        }

        tokenizer.Decode([-1, int.MinValue, int.MaxValue, 0, 1, 2, 3]);
    }
}
