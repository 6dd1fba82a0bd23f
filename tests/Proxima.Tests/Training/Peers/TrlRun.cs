using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Models.Weights;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>One recorded run of TRL's PPOTrainer (tests/goldens/ppo/trl).</summary>
internal sealed class TrlRun : IDisposable
{
    private readonly string _name;
    private readonly JsonDocument _json;
    private readonly Dictionary<int, SafetensorsFile> _updates = [];

    public TrlRun(string name)
    {
        _name = name;
        _json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(FolderOf(name), "run.json")));
        foreach (JsonElement record in Records)
        {
            int update = record.GetProperty("update").GetInt32();
            _updates[update] = SafetensorsFile.Open(Path.Combine(FolderOf(name), $"update_{update}.safetensors"));
        }
    }

    public static TheoryData<string> Names => ["minibatch", "accumulate", "eight_prompts", "k3_whiten"];

    public JsonElement[] Records => [.. _json.RootElement.GetProperty("updates").EnumerateArray()];

    public int Pad => _json.RootElement.GetProperty("pad_token_id").GetInt32();

    public int Prompts => _json.RootElement.GetProperty("prompts").GetInt32();

    public string Reference => FolderOf("models", _json.RootElement.GetProperty("reference").GetString()!);

    public bool WhitensRewards => Config.GetProperty("whiten_rewards").GetBoolean();

    public bool IsLinear => Config.GetProperty("lr_scheduler_type").GetString() == "linear";

    /// <summary>The preset trl with what this run says.</summary>
    public PpoSettings Settings => PeerSettings.Of("trl") with
    {
        KlCoeff = Number("kl_coef"),
        KlEstimator = Config.TryGetProperty("kl_estimator", out JsonElement kind) && kind.GetString() == "k3" ? KlEstimator.K3 : KlEstimator.K1,
        MissingEosPenalty = Config.GetProperty("missing_eos_penalty") is { ValueKind: JsonValueKind.Number } penalty ? penalty.GetDouble() : null,
        ClipRangeRatio = Number("cliprange"),
        ClipRangeValue = Number("cliprange_value"),
        Gamma = Number("gamma"),
        GaeLambda = Number("lam"),
    };

    private JsonElement Config => _json.RootElement.GetProperty("config");

    public static string FolderOf(params string[] parts) => RepositoryPaths.InRepository(["tests", "goldens", "ppo", "trl", .. parts]);

    /// <summary>Where the weights after an update are; null where they were not kept.</summary>
    public string? After(string model, int update)
    {
        string folder = FolderOf(_name, $"{model}_after_{update}");
        return Directory.Exists(folder) ? folder : null;
    }

    public double Number(string key) => Config.GetProperty(key).GetDouble();

    public int Integer(string key) => Config.GetProperty(key).GetInt32();

    /// <summary>An array of update_N.safetensors.</summary>
    public Tensor Array(int update, string name) => _updates[update].Read(name);

    /// <summary>[8, 12] true where a padding mask of the run is not.</summary>
    public Tensor Mask(int update, string name) => Array(update, name) == 0;

    public void Dispose()
    {
        foreach (SafetensorsFile file in _updates.Values)
        {
            file.Dispose();
        }

        _json.Dispose();
    }
}
