using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Models.Weights;
using Proxima.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>One recorded step of TRL's RewardTrainer: scores, gradients and the optimizer step are the product's, the loss stands here.</summary>
public sealed class RewardTrainerTests
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
    }

    [Fact]
    public void A_step_gives_the_gradients_and_the_weights_of_TRL()
    {
        using var scope = NewDisposeScope();
        using JsonDocument document = Open();
        using ScoreModel model = Load();
        JsonElement run = document.RootElement.GetProperty("runs")[0];
        var schedule = new LearningRateSchedule { Type = SchedulerType.Constant, Peak = run.GetProperty("learning_rate").GetDouble(), DecaySteps = 1 };
        using var optimizer = new ModelOptimizer(
            "reward", model.NamedParameters(), schedule, new OptimizerSettings { MaxGradNorm = run.GetProperty("max_grad_norm").GetDouble() },
            run.GetProperty("weight_decay").GetDouble());
        var loss = Loss(run, document, Scores(model, document, "chosen"), Scores(model, document, "rejected"));
        loss.backward();
        using (SafetensorsFile gradients = SafetensorsFile.Open(Path.Combine(Folder, "gradients.safetensors")))
        {
            foreach (StoredTensor stored in gradients.Tensors)
            {
                PeerCase.Near(gradients.Read(stored.Name), model.NamedParameters().Single(p => p.Name == stored.Name).Value.grad!, stored.Name);
            }
        }

        OptimizerStep step = optimizer.Step(loss.item<float>());

        Assert.Equal(run.GetProperty("logged").GetProperty("grad_norm").GetDouble(), step.GradientNorm, 1e-4);
        using SafetensorsFile after = SafetensorsFile.Open(Path.Combine(Folder, "after_one_step.safetensors"));
        Tensor[] differences = [.. model.NamedParameters().Select(p => (after.Read(p.Name) - p.Value.detach()).abs().flatten())];
        var difference = cat(differences);
        Assert.InRange(difference.max().item<float>(), 0, 5e-5); // as after TRL's updates: almost no gradient, a whole step
        Assert.InRange((difference <= 1e-6).to_type(ScalarType.Float64).mean().item<double>(), 0.999, 1);
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
