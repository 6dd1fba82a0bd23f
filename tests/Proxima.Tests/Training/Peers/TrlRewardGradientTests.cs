using System.Text.Json;
using Proxima.Models;
using Proxima.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>
/// Recorded losses of TRL's RewardTrainer, with its quirk of margins in a loss that stands here: scores and gradients are the product's. Its
/// step without margins is the product's own (Preferences/RewardTrainerTests).
/// </summary>
public sealed class TrlRewardGradientTests
{
    private static readonly string Folder = TrlRun.FolderOf("reward_trainer");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Scores_loss_and_gradients_are_those_of_TRL(int index)
    {
        using var scope = NewDisposeScope();
        using JsonDocument document = Open();
        using ScoreModel model = Load();
        JsonElement run = document.RootElement.GetProperty("runs")[index];
        var (chosen, rejected) = (Scores(model, document, "chosen"), Scores(model, document, "rejected"));
        PeerCase.Near(PeerCase.ToTensor(run.GetProperty("rewards_chosen")), chosen, "chosen");
        PeerCase.Near(PeerCase.ToTensor(run.GetProperty("rewards_rejected")), rejected, "rejected");

        var loss = Loss(run, document, chosen, rejected);
        loss.backward();

        Assert.Equal(run.GetProperty("loss").GetDouble(), loss.item<float>(), PeerCase.Tolerance);
        foreach ((string name, Parameter value) in model.NamedParameters())
        {
            double expected = run.GetProperty("grad_norms").GetProperty(name).GetDouble();
            Assert.Equal(1, value.grad!.norm().item<float>() / expected, 1e-5); // norms of float32 gradients
        }

        if (index == 0)
        {
            using SafetensorsFile gradients = SafetensorsFile.Open(Path.Combine(Folder, "gradients.safetensors"));
            Assert.All(gradients.Tensors, stored =>
                PeerCase.Near(gradients.Read(stored.Name), model.NamedParameters().Single(p => p.Name == stored.Name).Value.grad!, stored.Name));
        }
    }

    /// <summary>−log σ(chosen − rejected), with TRL's margins: each pair meets every margin, a fault that nobody should copy.</summary>
    private static Tensor Loss(JsonElement run, JsonDocument document, Tensor chosen, Tensor rejected)
    {
        var difference = (chosen - rejected).unsqueeze(1);
        if (run.GetProperty("margin").GetBoolean())
        {
            JsonElement[] pairs = [.. document.RootElement.GetProperty("pairs").EnumerateArray()];
            difference = difference - tensor(pairs.Select(p => p.GetProperty("margin").GetSingle()).ToArray());
        }

        var loss = nn.functional.logsigmoid(difference).mean().neg();
        JsonElement center = run.GetProperty("center_rewards_coefficient");
        return center.ValueKind == JsonValueKind.Null ? loss : loss + ((chosen + rejected).square().mean() * center.GetDouble());
    }

    private static Tensor Scores(ScoreModel model, JsonDocument document, string kind)
    {
        List<Tensor> scores = [];
        foreach (JsonElement pair in document.RootElement.GetProperty("pairs").EnumerateArray())
        {
            long[] ids = [.. pair.GetProperty($"input_ids_{kind}").EnumerateArray().Select(id => id.GetInt64())];
            var hidden = model.Decoder.Forward(tensor(ids).unsqueeze(0), arange(ids.Length, dtype: ScalarType.Int64).unsqueeze(0));
            scores.Add(model.Values(hidden)[0, ids.Length - 1]);
        }

        return stack(scores);
    }

    private static JsonDocument Open() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "reward_trainer.json")));

    private static ScoreModel Load() => ModelFolder.LoadScore(TrlRun.FolderOf("models", "reward"), ScalarType.Float32);
}
