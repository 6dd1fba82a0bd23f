using CsCheck;
using Proxima.Fuzz.Targets;
using Proxima.TestSupport;

namespace Proxima.Tests.Text;

/// <summary>Hostile tokenizer files: nothing but an error with a cure comes out.</summary>
public sealed class TokenizerFuzzTests
{
    [Fact]
    public void A_changed_tokenizer_json_does_no_harm() =>
        Mutations("tokenizer_json", "bpe_byte_level.json", "bpe_byte_fallback.json", "unigram.json", "word_piece.json", "split.json")
            .Sample(content => TokenizerFuzzTarget.TokenizerJson(content), iter: 300);

    [Fact]
    public void A_changed_sentencepiece_model_does_no_harm() =>
        Mutations("sentencepiece", "unigram.model", "bpe.model", "keeps_spaces.model", "map_ones.model")
            .Sample(content => TokenizerFuzzTarget.SentencePiece(content), iter: 300);

    /// <summary>Files of the corpus with up to three bytes changed and the end cut off.</summary>
    private static Gen<byte[]> Mutations(string target, params string[] names) =>
        from name in Gen.Int[0, names.Length - 1].Select(index => names[index])
        from edits in Gen.Select(Gen.Double[0, 1], Gen.Byte).Array[1, 3]
        from kept in Gen.OneOf(Gen.Const(1.0), Gen.Double[0, 1])
        select Mutate(Read(target, name), edits, kept);

    private static byte[] Mutate(byte[] content, (double Place, byte Value)[] edits, double kept)
    {
        foreach ((double place, byte value) in edits)
        {
            content[(int)(place * (content.Length - 1))] = value;
        }

        return content[..(int)(kept * content.Length)];
    }

    private static byte[] Read(string target, string name) =>
        File.ReadAllBytes(RepositoryPaths.InRepository("tests", "fuzz", target, name));
}
