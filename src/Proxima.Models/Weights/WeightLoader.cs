using Proxima.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models.Weights;

/// <summary>Finds a model's parameters in the weight files and loads them.</summary>
internal sealed class WeightLoader
{
    private readonly WeightFolder _folder;
    private readonly ModelConfig _config;
    private readonly Dictionary<string, StoredTensor> _byParameter = new(StringComparer.Ordinal);

    /// <param name="folder">the files</param>
    /// <param name="config">of the model</param>
    public WeightLoader(WeightFolder folder, ModelConfig config)
    {
        _folder = folder;
        _config = config;
        foreach (StoredTensor tensor in folder.Tensors)
        {
            // A tied output projection may be listed beside the embedding: the embedding's own name wins.
            if (ParameterName(tensor.Name) is string name && (name == tensor.Name || !_byParameter.ContainsKey(name)))
            {
                _byParameter[name] = tensor;
            }
        }
    }

    /// <summary>
    /// The parameter that a name in the files stands for; null for a buffer. Old files leave out the prefix; a tied output
    /// projection is the embedding.
    /// </summary>
    public string? ParameterName(string stored)
    {
        DecoderNames names = _config.Traits.Names;
        if (names.Buffers.Any(end => stored.EndsWith(end, StringComparison.Ordinal)))
        {
            return null;
        }

        return stored switch
        {
            CausalLanguageModel.HeadName when _config.TieWordEmbeddings => $"{names.Prefix}.{names.Embedding}.weight",
            CausalLanguageModel.HeadName or ScoreModel.HeadName => stored,
            _ when stored.StartsWith(names.Prefix + ".", StringComparison.Ordinal) => stored,
            _ => $"{names.Prefix}.{stored}",
        };
    }

    /// <summary>
    /// How to save what <see cref="Load"/> loaded: as the files lay, or in one safetensors file where they were of another
    /// format.
    /// </summary>
    public CheckpointLayout Layout(IReadOnlyList<ParameterSpec> specs) =>
        _folder.Layout(ParameterName) ?? CheckpointLayout.Single(specs.Select(Stored));

    /// <summary>A parameter in the type in which the files hold it.</summary>
    public StoredTensor Stored(ParameterSpec spec) => new(spec.Name, _byParameter[spec.Name].Type, spec.Shape);

    /// <summary>Loads parameters.</summary>
    /// <param name="specs">those of the model, all of them</param>
    /// <param name="type">to compute in</param>
    /// <param name="passedOver">a parameter that may lie in the files unused; null: none</param>
    /// <param name="device">to compute on; null: the CPU</param>
    /// <returns>in the order of the specs, owned by the caller</returns>
    /// <exception cref="ProximaException">some are missing, have a wrong shape, or there are others</exception>
    public IReadOnlyList<(string Name, Parameter Value)> Load(IReadOnlyList<ParameterSpec> specs, ScalarType type, string? passedOver, Device? device)
    {
        Check(specs, passedOver);
        using var noGrad = no_grad();
        List<(string, Parameter)> loaded = [];
        foreach (ParameterSpec spec in specs)
        {
            Parameter parameter = new(_folder.Read(_byParameter[spec.Name].Name, type, device), requires_grad: true);
            parameter.DetachFromDisposeScope();
            loaded.Add((spec.Name, parameter));
        }

        return loaded;
    }

    private void Check(IReadOnlyList<ParameterSpec> specs, string? passedOver)
    {
        List<string> missing = [.. specs.Where(spec => !_byParameter.ContainsKey(spec.Name)).Select(spec => spec.Name)];
        List<string> unexpected =
        [
            .. _byParameter.Where(pair => pair.Key != passedOver).Select(pair => pair.Key).Except(specs.Select(spec => spec.Name)),
        ];
        List<string> misshapen =
        [
            .. from spec in specs
               let found = _byParameter.GetValueOrDefault(spec.Name)?.Shape
               where found is not null && !found.SequenceEqual(spec.Shape)
               select $"{spec.Name} is [{string.Join(", ", found)}] instead of [{string.Join(", ", spec.Shape)}]",
        ];
        if (missing.Count + unexpected.Count + misshapen.Count > 0)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"The weights in {_folder.Folder} do not fit its config.json ({_config.Architecture})."
                + Part("Missing", missing) + Part("Unexpected", unexpected) + Part("Wrong shape", misshapen)
                + " Check that both belong to the same model.");
        }
    }

    private static string Part(string title, List<string> names) => names.Count == 0 ? "" : $" {title}: {NameList.Of(names)}.";
}
