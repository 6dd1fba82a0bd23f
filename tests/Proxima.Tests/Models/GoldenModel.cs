using System.Text.Json;
using Proxima.Models;
using Proxima.Models.Weights;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

/// <summary>One case of tests/goldens/models: a small model and what transformers computes with it.</summary>
internal sealed class GoldenModel : IDisposable
{
    private readonly SafetensorsFile _arrays;
    private readonly JsonDocument _numbers;
    private readonly Dictionary<string, Tensor> _read = [];

    /// <param name="name">of the case</param>
    /// <param name="device">where its arrays are given; null: the CPU</param>
    public GoldenModel(string name, Device? device = null)
    {
        Device = device ?? CPU;
        Name = name;
        Folder = FolderOf(name);
        _arrays = SafetensorsFile.Open(Path.Combine(Folder, "golden.safetensors"));
        _numbers = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "golden.json")));
    }

    public string Name { get; }

    public Device Device { get; }

    public string Folder { get; }

    public string Causal => Path.Combine(Folder, "causal");

    public string Score => Path.Combine(Folder, "score");

    public JsonElement Numbers => _numbers.RootElement;

    /// <summary>Tolerance of logits, log-probs and entropies (README of the goldens).</summary>
    public double LogitTolerance => Name == "long" ? 2e-4 : 1e-4;

    public static string FolderOf(string name) => RepositoryPaths.InRepository("tests", "goldens", "models", name);

    /// <summary>Names of all arrays of golden.safetensors.</summary>
    public IEnumerable<string> Arrays => _arrays.Header.Tensors.Select(tensor => tensor.Name);

    /// <summary>An array of golden.safetensors; it belongs to this case.</summary>
    public Tensor this[string array]
    {
        get
        {
            if (!_read.TryGetValue(array, out Tensor? tensor))
            {
                tensor = _arrays.Read(array).to(Device).DetachFromDisposeScope();
                _read.Add(array, tensor);
            }

            return tensor;
        }
    }

    /// <summary>[B, T] bool: true where a token is.</summary>
    public Tensor Mask(string side) => this[$"{side}.attention_mask"].to_type(ScalarType.Bool);

    /// <summary>Hidden states [B, T, C] of the batch padded on one side.</summary>
    public Tensor Hidden(Decoder decoder, string side) =>
        decoder.Forward(this[$"{side}.input_ids"], this[$"{side}.position_ids"], side == "left" ? Mask(side) : null);

    /// <summary>Mean negative log-prob of the valid next tokens of the right padded batch.</summary>
    public Tensor Loss(CausalLanguageModel model) => NextTokenLogProbs(model, temperature: 1).masked_select(this["logprobs_valid"]).mean().neg();

    /// <summary>[B, T − 1] log-probs of the next tokens of the right padded batch.</summary>
    public Tensor NextTokenLogProbs(CausalLanguageModel model, double temperature)
    {
        var ids = this["right.input_ids"];
        var logits = model.Logits(Hidden(model.Decoder, "right")).div(temperature);
        long T = ids.shape[1];
        return logits.narrow(1, 0, T - 1).log_softmax(-1).gather(-1, ids.narrow(1, 1, T - 1).unsqueeze(-1)).squeeze(-1);
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _read.Values)
        {
            tensor.Dispose();
        }

        _arrays.Dispose();
        _numbers.Dispose();
    }
}
