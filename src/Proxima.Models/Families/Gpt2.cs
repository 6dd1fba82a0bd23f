namespace Proxima.Models.Families;

/// <summary>
/// GPT-2: learned places, norms that take off the mean, one matrix for queries, keys and values, no gate, and matrices that
/// lie [in, out]. Its first published files leave out the prefix of the names and hold mask buffers.
/// </summary>
internal static class Gpt2
{
    public static ModelFamily Family { get; } = new("gpt2", "GPT2LMHeadModel", "GPT2ForSequenceClassification", Describe);

    private static readonly DecoderNames Names = new()
    {
        Prefix = "transformer",
        Embedding = "wte",
        Positions = "wpe",
        Layers = "h",
        AttentionNorm = "ln_1",
        QueryKeyValue = "attn.c_attn",
        Output = "attn.c_proj",
        FeedForwardNorm = "ln_2",
        Up = "mlp.c_fc",
        Down = "mlp.c_proj",
        FinalNorm = "ln_f",
        Buffers = [".attn.bias", ".attn.masked_bias"],
    };

    private static ModelConfig Describe(ConfigReader reader)
    {
        CommonDecoder.RequireActivation(reader, "activation_function", "gelu_new", "gelu_pytorch_tanh");
        CommonDecoder.RequireOff(reader, "add_cross_attention", "scale_attn_by_inverse_layer_idx");
        int hiddenSize = reader.Integer("n_embd");
        int headCount = reader.Integer("n_head");
        return new()
        {
            Architecture = "",
            ModelType = Family.ModelType,
            HiddenSize = hiddenSize,
            IntermediateSize = reader.Integer("n_inner", 4 * hiddenSize),
            LayerCount = reader.Layers("n_layer"),
            HeadCount = headCount,
            KeyValueHeadCount = headCount,
            HeadSize = hiddenSize / Math.Max(headCount, 1),
            VocabularySize = reader.Integer("vocab_size"),
            MaxPositions = reader.OptionalInteger("n_positions") ?? reader.Integer("n_ctx", 1024),
            TieWordEmbeddings = reader.Flag("tie_word_embeddings", true),
            EosTokenIds = reader.Has("eos_token_id") ? reader.Ids("eos_token_id") : [50256],
            PadTokenId = reader.OptionalInteger("pad_token_id"),
            BosTokenId = reader.Integer("bos_token_id", 50256),
            Traits = new()
            {
                Names = Names,
                Norm = NormKind.Layer,
                NormEpsilon = reader.Number("layer_norm_epsilon", 1e-5),
                Positions = PositionKind.Learned,
                Layout = MatrixLayout.InputOutput,
                QueryKeyValueBias = true,
                OutputBias = true,
                FeedForwardBias = true,
                ShrinksNewOutputs = true,
                FeedForward = FeedForwardKind.Plain,
                Activation = Activation.GeluTanh,
                AttentionScale = reader.Flag("scale_attn_weights", true) ? null : 1,
            },
        };
    }
}
