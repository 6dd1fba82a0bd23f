namespace Proxima.Fuzz.Targets;

/// <summary>The readers of files that others wrote, by the name of their corpus below tests/fuzz.</summary>
public static class FuzzTargets
{
    /// <summary>Name → what is done with the content of a file. What it throws is a finding.</summary>
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new SortedDictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["config_json"] = ModelFuzzTarget.Config,
        ["gz"] = content => DialogueFuzzTarget.Run(content, "data.jsonl.gz"),
        ["jsonl"] = content => DialogueFuzzTarget.Run(content, "data.jsonl"),
        ["pickle"] = ModelFuzzTarget.Pickle,
        ["safetensors"] = ModelFuzzTarget.Safetensors,
        ["sentencepiece"] = content => TokenizerFuzzTarget.SentencePiece(content),
        ["templates"] = content => TemplateFuzzTarget.Run(content),
        ["tokenizer_json"] = content => TokenizerFuzzTarget.TokenizerJson(content),
    };
}
