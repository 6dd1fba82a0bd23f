using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>One tokenizer for many threads.</summary>
public sealed class TokenizerConcurrencyTests
{
    [Fact]
    public void Threads_that_share_a_tokenizer_get_the_official_ids()
    {
        Tokenizer tokenizer = TokenizerSources.Load("qwen2_like");
        int[][] expected = [.. GoldenFiles.Read("qwen2_like.json.gz").GetProperty("fuzz").EnumerateArray()
            .Select(ids => ids.EnumerateArray().Select(id => id.GetInt32()).ToArray())];

        Parallel.For(0, 8, worker =>
        {
            for (int i = 0; i < expected.Length; i++)
            {
                int index = (i * 7 + worker * 131) % expected.Length;
                Assert.Equal(expected[index], tokenizer.Encode(GoldenFiles.Fuzz[index]));
            }
        });
    }
}
