using Proxima.Core;
using Proxima.Models.Layers;
using Proxima.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models;

/// <summary>Loads models from Hugging Face folders and saves them so that transformers loads them unchanged.</summary>
public static class ModelFolder
{
    /// <summary>Loads a language model.</summary>
    /// <param name="folder">a local folder</param>
    /// <param name="computeType">type of the parameters in memory, whatever they are stored as</param>
    /// <param name="device">where the parameters are to be; null: the CPU</param>
    /// <exception cref="ProximaException">exit code Data: the folder holds no such model, or its files are broken or do not fit</exception>
    public static CausalLanguageModel LoadCausal(string folder, ScalarType computeType, Device? device = null)
    {
        ModelConfig config = ModelConfig.Load(folder);
        if (config.IsScoreModel)
        {
            throw new ProximaException(ExitCode.Data, $"{folder} holds a {config.Architecture}; a language model ({config.Family.CausalArchitecture}) is needed here.");
        }

        using WeightFolder files = WeightFolder.Open(folder);
        WeightLoader loader = new(files, config);
        IReadOnlyList<ParameterSpec> specs = CausalSpecs(config);
        return Causal(config, loader.Load(specs, computeType, passedOver: null, device), loader.Layout(specs));
    }

    /// <summary>Makes a language model that has learned nothing yet, to be saved in float32.</summary>
    /// <param name="folder">a folder with a config.json; weights in it are not looked at</param>
    /// <param name="computeType">type of the parameters in memory</param>
    /// <param name="seed">of the weights</param>
    /// <param name="device">where the parameters are to be; null: the CPU</param>
    /// <exception cref="ProximaException">exit code Data: config.json is missing, wrong or that of another kind of model</exception>
    public static CausalLanguageModel CreateCausal(string folder, ScalarType computeType, long seed, Device? device = null)
    {
        ModelConfig config = ModelConfig.Load(folder);
        if (config.IsScoreModel)
        {
            throw new ProximaException(
                ExitCode.Data, $"{folder}/config.json describes a {config.Architecture}; a language model ({config.Family.CausalArchitecture}) is needed here.");
        }

        IReadOnlyList<ParameterSpec> specs = CausalSpecs(config);
        CheckpointLayout layout = CheckpointLayout.Single(specs.Select(spec => new StoredTensor(spec.Name, StoredType.Of(ScalarType.Float32), spec.Shape)));
        return Causal(config, new FreshWeights(config, seed).Draw(specs, computeType, device), layout);
    }

    /// <summary>
    /// Loads a sequence classifier with one label. A language model is taken too: its score head is then drawn at random
    /// with the spread that config.json gives (<see cref="ScoreModel.HeadOrigin"/> says so).
    /// </summary>
    /// <param name="folder">a local folder</param>
    /// <param name="computeType">type of the parameters in memory</param>
    /// <param name="headSeed">seed of a new head</param>
    /// <param name="device">where the parameters are to be; null: the CPU</param>
    /// <exception cref="ProximaException">exit code Data: the folder holds no such model, or its files are broken or do not fit</exception>
    public static ScoreModel LoadScore(string folder, ScalarType computeType, long headSeed = 0, Device? device = null)
    {
        ModelConfig config = ModelConfig.Load(folder);
        return config.IsScoreModel
            ? LoadClassifier(folder, config, computeType, device)
            : LoadWithNewHead(folder, config, computeType, device, HeadOrigin.Drawn, DrawHead(config, headSeed));
    }

    /// <summary>Loads the backbone of a language model under a score head of zeros: the first critic where there is no reward model.</summary>
    /// <param name="folder">a local folder</param>
    /// <param name="computeType">type of the parameters in memory</param>
    /// <param name="device">where the parameters are to be; null: the CPU</param>
    /// <exception cref="ProximaException">exit code Data: the folder holds no such model, or its files are broken or do not fit</exception>
    public static ScoreModel LoadScoreWithZeroHead(string folder, ScalarType computeType, Device? device = null)
    {
        ModelConfig config = ModelConfig.Load(folder);
        return LoadWithNewHead(folder, config, computeType, device, HeadOrigin.Zero, new float[config.HiddenSize]);
    }

    /// <summary>Whether a folder holds a sequence classifier.</summary>
    /// <exception cref="ProximaException">exit code Data: the folder holds no model</exception>
    public static bool HasScoreHead(string folder) => ModelConfig.Load(folder).IsScoreModel;

    /// <summary>Saves a language model as it came: the same files with the same keys, shapes and stored types, and the same config.json.</summary>
    /// <param name="model">to be saved</param>
    /// <param name="sourceFolder">the folder it was loaded from; config, tokenizer and template are copied from there</param>
    /// <param name="targetFolder">made when it does not exist</param>
    /// <param name="weights">by the names of the files, to be written in place of the parameters: those that they are rounded from</param>
    public static void Save(
        CausalLanguageModel model, string sourceFolder, string targetFolder, IReadOnlyDictionary<string, Tensor>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelFolderWriter.Write(model.Layout, weights ?? ByName(model.NamedParameters()), targetFolder);
        ModelFolderWriter.CopyCompanions(sourceFolder, targetFolder, model.Layout.IndexFile);
        ModelFolderWriter.CopyConfig(sourceFolder, targetFolder);
    }

    /// <summary>Saves a score model as a sequence classifier; where it came from a language model, its config.json says so from now on.</summary>
    /// <param name="model">to be saved</param>
    /// <param name="sourceFolder">the folder it was loaded from; config, tokenizer and template are copied from there</param>
    /// <param name="targetFolder">made when it does not exist</param>
    /// <param name="weights">by the names of the files, to be written in place of the parameters: those that they are rounded from</param>
    public static void Save(ScoreModel model, string sourceFolder, string targetFolder, IReadOnlyDictionary<string, Tensor>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelFolderWriter.Write(model.Layout, weights ?? ByName(model.NamedParameters()), targetFolder);
        ModelFolderWriter.CopyCompanions(sourceFolder, targetFolder, model.Layout.IndexFile);
        if (model.Config.IsScoreModel)
        {
            ModelFolderWriter.CopyConfig(sourceFolder, targetFolder);
        }
        else
        {
            ModelFolderWriter.WriteScoreConfig(sourceFolder, targetFolder, model.Config.Family.ScoreArchitecture);
        }
    }

    /// <summary>The weights of a language model; the last is the output projection unless it is tied.</summary>
    private static IReadOnlyList<ParameterSpec> CausalSpecs(ModelConfig config)
    {
        IReadOnlyList<ParameterSpec> specs = DecoderParameters.Of(config);
        return config.TieWordEmbeddings
            ? specs
            : [.. specs, new(CausalLanguageModel.HeadName, [config.VocabularySize, config.HiddenSize])];
    }

    private static CausalLanguageModel Causal(
        ModelConfig config, IReadOnlyList<(string Name, Parameter Value)> parameters, CheckpointLayout layout)
    {
        Parameter? head = config.TieWordEmbeddings ? null : parameters[^1].Value;
        Decoder decoder = new(config, head is null ? parameters : [.. parameters.SkipLast(1)]);
        return new(decoder, head, layout);
    }

    private static Dictionary<string, Tensor> ByName(IReadOnlyList<(string Name, Parameter Value)> parameters) =>
        parameters.ToDictionary(pair => pair.Name, pair => (Tensor)pair.Value, StringComparer.Ordinal);

    private static ScoreModel LoadClassifier(string folder, ModelConfig config, ScalarType computeType, Device? device)
    {
        if (config.LabelCount != 1)
        {
            throw new ProximaException(ExitCode.Data, $"{folder}/config.json: the model gives {config.LabelCount} labels; a reward model or critic gives one (id2label with one entry).");
        }

        using WeightFolder files = WeightFolder.Open(folder);
        WeightLoader loader = new(files, config);
        IReadOnlyList<ParameterSpec> specs = [.. DecoderParameters.Of(config), new(ScoreModel.HeadName, [1, config.HiddenSize])];
        var parameters = loader.Load(specs, computeType, passedOver: null, device);
        Decoder decoder = new(config, [.. parameters.SkipLast(1)]);
        return new(decoder, parameters[^1].Value, HeadOrigin.Loaded, loader.Layout(specs));
    }

    private static ScoreModel LoadWithNewHead(
        string folder, ModelConfig config, ScalarType computeType, Device? device, HeadOrigin origin, float[] head)
    {
        using WeightFolder files = WeightFolder.Open(folder);
        WeightLoader loader = new(files, config);
        IReadOnlyList<ParameterSpec> specs = DecoderParameters.Of(config);
        string oldHead = config.IsScoreModel ? ScoreModel.HeadName : CausalLanguageModel.HeadName;
        Decoder decoder = new(config, loader.Load(specs, computeType, passedOver: oldHead, device));

        using var noGrad = no_grad();
        Parameter weight = new(tensor(head, [1, config.HiddenSize], dtype: computeType, device: device), requires_grad: true);
        weight.DetachFromDisposeScope();

        StoredTensor[] stored = [.. specs.Select(loader.Stored)];
        StoredTensor storedHead = new(ScoreModel.HeadName, stored[0].Type, weight.shape);
        return new(decoder, weight, origin, CheckpointLayout.Single([.. stored, storedHead]));
    }

    private static float[] DrawHead(ModelConfig config, long seed)
    {
        CounterRandom random = new(seed, RandomPurpose.HeadInitialisation);
        float[] head = new float[config.HiddenSize];
        for (int i = 0; i < head.Length; i++)
        {
            head[i] = (float)(random.NextNormal() * config.InitializerRange);
        }

        return head;
    }
}
