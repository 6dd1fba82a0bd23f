using System.Text.Json;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>Text that comes out id by id.</summary>
public sealed class TokenizerStreamingTests
{
    private const char Broken = '\uFFFD';

    public static TheoryData<string> Names => TokenizerGoldenTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Streams_join_to_the_official_text(string name)
    {
        Tokenizer tokenizer = TokenizerSources.Load(name);
        var mismatches = new Mismatches();
        foreach (JsonElement stream in Streams(name))
        {
            (List<string?> steps, string? heldBack) = Run(tokenizer, stream);
            mismatches.Compare("stream", stream.GetProperty("text").GetString(), string.Concat(steps) + heldBack);
        }

        mismatches.AssertNone(expectedComparisons: Streams(name).Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_step_of_a_valid_stream_is_the_official_one(string name)
    {
        Tokenizer tokenizer = TokenizerSources.Load(name);
        var mismatches = new Mismatches();
        List<JsonElement> streams = [.. Streams(name).Where(stream => IsValid(stream) && !HasByteTokens(tokenizer, stream))];
        foreach (JsonElement stream in streams)
        {
            string?[] expected = [.. stream.GetProperty("steps").EnumerateArray().Select(step => step.GetString())];
            (List<string?> steps, string? heldBack) = Run(tokenizer, stream);
            mismatches.Compare("steps", expected, [.. steps]);
            mismatches.Compare("held back", null, heldBack);
        }

        Assert.True(streams.Count >= 5, $"only {streams.Count} streams are compared");
        mismatches.AssertNone(expectedComparisons: 2 * streams.Count);
    }

    private static List<JsonElement> Streams(string name) =>
        [.. GoldenFiles.Read(name + ".json.gz").GetProperty("stream").EnumerateArray()];

    private static bool IsValid(JsonElement stream) => !stream.GetProperty("text").GetString()!.Contains(Broken);

    // A run of byte tokens is held back until its end, since more bytes can still break all of it.
    private static bool HasByteTokens(Tokenizer tokenizer, JsonElement stream) =>
        Ids(stream).Any(id => tokenizer.IdToToken(id) is ['<', '0', 'x', _, _, '>']);

    private static (List<string?> Steps, string? HeldBack) Run(Tokenizer tokenizer, JsonElement stream)
    {
        bool skips = stream.GetProperty("skip").GetBoolean();
        StreamingDecoder decoder = tokenizer.NewStreamingDecoder(
            skips ? SpecialTokenDisplay.Skip : SpecialTokenDisplay.Show);
        List<string?> steps = [.. Ids(stream).Select(decoder.Push)];
        return (steps, decoder.Finish());
    }

    private static int[] Ids(JsonElement stream) => stream.GetProperty("ids").Deserialize<int[]>()!;
}
