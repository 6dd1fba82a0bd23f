using System.Buffers;
using System.Globalization;
using System.Text;

namespace Proxima.Text.Normalizers;

/// <summary>
/// Applies a SentencePiece table as the official tokenizer library does, which is not as SentencePiece does: a grapheme
/// cluster of fewer than six bytes is replaced as a whole by the text of the shortest key that begins it;
/// without a hit, and in longer clusters, each character is looked up alone.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : INormalizer
{
    private const int LongClusterBytes = 6;

    public SourceText Normalize(SourceText source)
    {
        var text = new ArrayBufferWriter<byte>(source.Text.Length + 1);
        bool startsInput = source.StartsInput;
        for (int start = 0; start < source.Text.Length;)
        {
            int units = StringInfo.GetNextTextElementLength(source.Text, start);
            AppendCluster(source.Text.AsSpan(start, units), text);
            startsInput &= start > 0 || text.WrittenCount > 0;
            start += units;
        }

        return new SourceText(Encoding.UTF8.GetString(text.WrittenSpan), startsInput);
    }

    private void AppendCluster(ReadOnlySpan<char> cluster, ArrayBufferWriter<byte> text)
    {
        Span<byte> bytes = stackalloc byte[LongClusterBytes];
        if (Encoding.UTF8.TryGetBytes(cluster, bytes, out int count)
            && count < LongClusterBytes
            && map.TryShortest(bytes[..count], out ReadOnlySpan<byte> whole))
        {
            text.Write(whole);
            return;
        }

        foreach (Rune rune in cluster.EnumerateRunes())
        {
            ReadOnlySpan<byte> character = bytes[..rune.EncodeToUtf8(bytes)];
            text.Write(map.TryShortest(character, out ReadOnlySpan<byte> replacement) ? replacement : character);
        }
    }
}
