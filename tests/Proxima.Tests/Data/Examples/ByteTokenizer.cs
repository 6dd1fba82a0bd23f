using System.Text;
using Proxima.Data.Examples;

namespace Proxima.Tests.Data.Examples;

/// <summary>A tokenizer whose token ids are UTF-8 bytes + 3, with a begin and an end of sequence.</summary>
internal static class ByteTokenizer
{
    public const int Bos = 1;
    public const int Eos = 2;

    private const int FirstByte = 3;

    public static Tokenizer Create() => new(Ids, text => [Bos, .. Ids(text)], Eos);

    public static Tokenizer WithoutEnd() => new(Ids, text => [Bos, .. Ids(text)], null);

    /// <summary>What <see cref="Create"/> is expected to give for a text.</summary>
    public static int[] Ids(string text) => [.. Encoding.UTF8.GetBytes(text).Select(b => b + FirstByte)];

    /// <summary>The text of ids that are all bytes.</summary>
    public static string Text(IEnumerable<int> ids) => new UTF8Encoding(false, true).GetString([.. ids.Select(id => (byte)(id - FirstByte))]);
}
