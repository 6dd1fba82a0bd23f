using Proxima.Data.Dialogues;
using Proxima.Tests.Data.Examples;
using Proxima.Training;

namespace Proxima.Tests.Training.Rewards;

/// <summary>Sequences whose responses are given texts, one token a byte.</summary>
internal static class Answers
{
    public static Dialogue Dialogue { get; } = new() { Src = ["Why?"], Tgt = [], Origin = new SourceLine("data.jsonl", 3) };

    public static Sequence Of(string response, Dialogue? dialogue = null) => new()
    {
        Index = 0,
        Dialogue = dialogue ?? Dialogue,
        Prompt = [ByteTokenizer.Bos],
        Response = ByteTokenizer.Ids(response),
        SamplerLogProbs = new float[ByteTokenizer.Ids(response).Length],
        SamplerEntropies = new float[ByteTokenizer.Ids(response).Length],
        Finished = true,
    };
}
