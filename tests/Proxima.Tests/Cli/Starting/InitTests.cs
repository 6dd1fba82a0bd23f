using Proxima.Cli;
using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Core.Stages;
using Proxima.Data.Dialogues;
using Proxima.Data.Tasks;
using Proxima.TestSupport;
using Proxima.Training.Rewards;

namespace Proxima.Tests.Cli.Starting;

/// <summary><c>proxima init</c> and <c>proxima import-config</c>.</summary>
public sealed class InitTests : IDisposable
{
    private static readonly string Model = RepositoryPaths.InRepository("models", "arithmetic-actor");
    private static readonly string Prompts = RepositoryPaths.InRepository("data", "arithmetic", "ppo_train.jsonl");
    private static readonly string Held = RepositoryPaths.InRepository("data", "arithmetic", "ppo_eval.jsonl");

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void The_config_of_ppo_has_no_mistake_and_fits_model_and_data()
    {
        Assert.Equal(ExitCode.Done, Run("init", "--model_name_or_path", Model, "--train_files", Prompts, "--eval_files", Held, "--reward_function", "exact_answer", "--config_dir", _folder.FullPath));

        LoadedSettings<PpoCommandSettings> loaded = PpoSettingsLoader.Load([_folder.At("ppo.json")]);
        Assert.Empty(loaded.Warnings);
        Assert.Equal(Model, loaded.Settings.Model.ActorModelNameOrPath);
        Assert.True(loaded.Settings.Task.DoTrain && loaded.Settings.Task.DoEval);
        Assert.Equal(64, loaded.Settings.Batch.PerDevicePromptBatchSize); // 2000 prompts
        Assert.Equal(["ppo.json", "ppo.schema.json", "task_ppo_eval.json", "task_ppo_train.json"], _folder.Entries());
        Assert.Equal(2000, DialogueTask.Load(_folder.At("task_ppo_train.json"), DialogueKind.LabelledPrompt, InvalidLines.Refuse).LineCount);
    }

    [Theory]
    [InlineData("sft", "sft_eval.jsonl")]
    [InlineData("reward", "preferences_eval.jsonl")]
    public void The_config_of_a_stage_has_no_mistake(string stage, string data)
    {
        Assert.Equal(ExitCode.Done, Run("init", "--stage", stage, "--model_name_or_path", Model, "--train_files", RepositoryPaths.InRepository("data", "arithmetic", data), "--config_dir", _folder.At("new", "folder")));

        string[] words = [_folder.At("new", "folder", $"{stage}.json")];
        Assert.Empty(stage == "sft" ? StageSettingsLoader.LoadSft(words).Warnings : StageSettingsLoader.LoadReward(words).Warnings);
    }

    [Fact]
    public void On_a_terminal_what_is_missing_is_asked_for_again_until_it_is_right()
    {
        string answers = string.Join('\n', "nonsense", "", "nowhere", Model, Prompts, "", "exact_answer") + "\n";

        Assert.Equal(ExitCode.Done, Answer(answers, "init", "--config_dir", _folder.FullPath));

        string said = _output.ToString();
        Assert.Contains("nonsense: expected ppo, sft, reward.", said, StringComparison.Ordinal);
        Assert.Contains("nowhere: there is no such folder.", said, StringComparison.Ordinal);
        PpoCommandSettings settings = PpoSettingsLoader.Load([_folder.At("ppo.json")]).Settings;
        Assert.Equal("exact_answer", settings.Reward.RewardFunction);
        Assert.False(settings.Task.DoEval);
    }

    [Fact]
    public void An_input_that_ends_is_told_what_to_do()
    {
        Assert.Equal(ExitCode.Usage, Answer("ppo\n", "init", "--config_dir", _folder.FullPath));
        Assert.Contains("the input ended", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_all_that_is_missing_is_named()
    {
        Assert.Equal(ExitCode.Usage, Run("init"));

        Assert.All(new[] { "model_name_or_path", "train_files", "exactly one of reward_model_name_or_path" }, name => Assert.Contains(name, _error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_that_is_there_is_overwritten()
    {
        string path = _folder.Write("task_ppo_train.json", "mine");

        Assert.Equal(ExitCode.Usage, Run("init", "--model_name_or_path", Model, "--train_files", Prompts, "--reward_function", "exact_answer", "--config_dir", _folder.FullPath));
        Assert.Contains($"{path}: there already", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["task_ppo_train.json"], _folder.Entries());
    }

    [Fact]
    public void Data_of_another_layout_lead_to_the_command_that_converts_them()
    {
        string data = _folder.Write("chat.jsonl", """{"messages": [{"role": "user", "content": "Hello"}]}""");

        Assert.Equal(ExitCode.Data, Run("init", "--model_name_or_path", Model, "--train_files", data, "--reward_function", "exact_answer", "--config_dir", _folder.FullPath));
        Assert.Contains("chat.jsonl", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_imported_config_says_what_it_leaves_out_and_what_remains_to_be_settled()
    {
        string config = _folder.Write("trl.yaml", "sft_model_path: models/a\nreward_model_path: models/r\noutput_dir: out\nvf_coef: 0.1\nresponse_length: 5000\n");

        Assert.Equal(ExitCode.Done, Run("import-config", config, "--from", "trl", "--output_file", _folder.At("ppo.json")));

        Assert.Contains("vf_coef = 0.1", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("to be settled before it runs:", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("max_dec_len = 5000", _output.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("// Taken over from", File.ReadAllText(_folder.At("ppo.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Import_names_all_that_is_missing()
    {
        Assert.Equal(ExitCode.Usage, Run("import-config", "x.json"));
        Assert.Contains("from = none", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("output_file = none", _error.ToString(), StringComparison.Ordinal);
    }

    private ExitCode Run(params string[] words) => CommandDispatcher.Run(words, new CommandConsole { Output = _output, Error = _error }, new Dictionary<string, IRewardFunction>());

    private ExitCode Answer(string answers, params string[] words)
    {
        using StringReader input = new(answers);
        return CommandDispatcher.Run(words, new CommandConsole { Input = input, IsTerminal = true, Output = _output, Error = _error }, new Dictionary<string, IRewardFunction>());
    }
}
