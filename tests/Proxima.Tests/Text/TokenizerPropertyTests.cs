using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>What holds for every text and every list of ids.</summary>
public sealed class TokenizerPropertyTests
{
    private const int Megabyte = 1 << 20;

    /// <summary>Words, marks, spaces, emoji, halves of surrogate pairs and any other unit.</summary>
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.Int[0, GoldenFiles.Corpus.Count - 1].Select(index => GoldenFiles.Corpus[index]),
        Gen.Char.Select(c => c.ToString()),
        Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32),
        Gen.OneOf(Gen.Const("\uFFFE"), Gen.Const("\u0301"), Gen.Const("\u0323"), Gen.Const("\u200D"), Gen.Const("  "), Gen.Const("\r\n")),
        Gen.String[Gen.Char[' ', '~'], 0, 12]).Array[0, 8].Select(string.Concat);

    public static TheoryData<string> OwnTokenizers =>
        [.. new[] { "tokenizers", "sentencepiece" }
            .SelectMany(kind => GoldenFiles.Manifest.GetProperty(kind).EnumerateObject())
            .Where(entry => entry.Value.TryGetProperty("file", out var file)
                && file.GetString()!.StartsWith("small/", StringComparison.Ordinal))
            .Select(entry => entry.Name)];

    public static TheoryData<string, string> LongTexts
    {
        get
        {
            var data = new TheoryData<string, string>();
            string[] names = ["qwen2_like", "llama2_like", "gemma_like", "unigram_albert_like", "bert_uncased_like", "sp_bpe_bytes"];
            string[] units = ["a", " ", "<|im_", "\u0301\u0323", "好", "▁"];
            foreach (string name in names)
            {
                foreach (string unit in units)
                {
                    data.Add(name, unit);
                }
            }

            return data;
        }
    }

    [Theory]
    [InlineData("gpt2_like")]
    [InlineData("llama3_like")]
    [InlineData("o200k_like")]
    [InlineData("deepseek_like")]
    public void Text_survives_encoding_and_decoding(string name)
    {
        Tokenizer tokenizer = TokenizerSources.Load(name);
        // One added token of gpt2_like consists of byte letters and decodes as the bytes that they stand for.
        AnyText.Where(text => !text.Contains("«é»")).Sample(text =>
            tokenizer.DecodeWithSpecialTokens(tokenizer.Encode(text)) == WithoutHalves(text));
    }

    [Fact]
    public void Text_survives_in_normalised_form_where_the_tokenizer_normalises()
    {
        Tokenizer tokenizer = TokenizerSources.Load("qwen2_like");
        AnyText.Where(text => !text.Contains('\uFFFE')).Sample(text =>
            tokenizer.DecodeWithSpecialTokens(tokenizer.Encode(text)) == WithoutHalves(text).Normalize());
    }

    [Fact]
    public void Text_survives_where_spaces_are_made_visible_unless_it_has_visible_spaces_itself()
    {
        Tokenizer tokenizer = TokenizerSources.Load("gemma_like");
        AnyText.Where(text => !text.Contains('▁')).Sample(text =>
            tokenizer.DecodeWithSpecialTokens(tokenizer.Encode(text)) == WithoutHalves(text));
    }

    [Theory]
    [InlineData("llama2_like")]
    [InlineData("llama2_metaspace")]
    [InlineData("sp_bpe_bytes")]
    public void Decoding_what_was_encoded_is_stable(string name)
    {
        Tokenizer tokenizer = TokenizerSources.Load(name);

        // These formats add a space after every added token and drop one at the start, each time anew.
        Gen<string> plain = AnyText.Select(text => text.Replace('<', '(').Replace('[', '(').Replace('▁', '_').TrimStart());
        plain.Sample(text =>
        {
            int[] ids = tokenizer.Encode(text);
            string decoded = tokenizer.DecodeWithSpecialTokens(ids);
            return tokenizer.DecodeWithSpecialTokens(tokenizer.Encode(decoded)) == decoded;
        });
    }

    [Theory]
    [MemberData(nameof(OwnTokenizers))]
    public void Encoding_never_throws_and_gives_ids_of_the_vocabulary(string name)
    {
        Tokenizer tokenizer = TokenizerSources.Load(name);
        AnyText.Sample(text => tokenizer.EncodeWithSpecialTokens(text).All(id => tokenizer.IdToToken(id) is not null));
    }

    [Theory]
    [MemberData(nameof(OwnTokenizers))]
    public void Streaming_equals_whole_decoding_for_any_ids(string name)
    {
        Tokenizer tokenizer = TokenizerSources.Load(name);
        Gen<int> anyId = Gen.OneOf(Gen.Int[0, tokenizer.VocabularySize - 1], Gen.Int[0, 300], Gen.Int);
        Gen.Select(anyId.Array[0, 12], Gen.Enum<SpecialTokenDisplay>()).Sample((ids, display) =>
        {
            StreamingDecoder decoder = tokenizer.NewStreamingDecoder(display);
            string streamed = string.Concat(ids.Select(decoder.Push)) + decoder.Finish();
            string whole = display == SpecialTokenDisplay.Skip ? tokenizer.Decode(ids) : tokenizer.DecodeWithSpecialTokens(ids);
            return streamed == whole;
        });
    }

    [Theory]
    [MemberData(nameof(LongTexts))]
    public void A_megabyte_takes_time_in_proportion(string name, string unit)
    {
        const int Share = 16;
        const double Generous = 6; // Quadratic time would show as a factor of 16 over proportion.
        const double ShortestSeconds = 0.005; // Below it a busy machine counts for more than the text.
        Tokenizer tokenizer = TokenizerSources.Load(name);
        string large = string.Concat(Enumerable.Repeat(unit, Megabyte / Encoding.UTF8.GetByteCount(unit)));
        string small = large[..(large.Length / Share)];

        double smallSeconds = Math.Max(ShortestSeconds, Enumerable.Range(0, 2).Min(_ => Seconds(tokenizer, small)));
        double largeSeconds = Seconds(tokenizer, large);
        for (int again = 0; again < 3 && largeSeconds > Generous * Share * smallSeconds; again++)
        {
            largeSeconds = Math.Min(largeSeconds, Seconds(tokenizer, large));
        }

        Assert.True(
            largeSeconds <= Generous * Share * smallSeconds,
            $"{largeSeconds:F3} s for 1 MB, {smallSeconds:F3} s for 1/{Share} of it");
    }

    [Theory]
    [MemberData(nameof(OwnTokenizers))]
    public void A_megabyte_of_random_bytes_is_encoded(string name)
    {
        var bytes = new byte[Megabyte];
        new Random(1).NextBytes(bytes);
        Assert.NotEmpty(TokenizerSources.Load(name).Encode(Encoding.UTF8.GetString(bytes)));
    }

    /// <summary>Processor time of this thread, which other processes do not add to.</summary>
    private static double Seconds(Tokenizer tokenizer, string text)
    {
        double start = ThreadSeconds();
        tokenizer.Encode(text);
        return ThreadSeconds() - start;
    }

    private static double ThreadSeconds()
    {
        const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID
        Assert.Equal(0, GetTime(ThreadProcessorTime, out TimeSpec time));
        return time.Seconds + (time.Nanoseconds * 1e-9);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    private static string WithoutHalves(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
