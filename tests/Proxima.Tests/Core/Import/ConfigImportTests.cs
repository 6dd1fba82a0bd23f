using System.Text.Json;
using Proxima.Core.Binding;
using Proxima.Core.Import;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Import;

public sealed class ConfigImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The recorded run of TRL: 8 prompts, 2 mini-batches of 2 micro-batches of 2 (tests/goldens/ppo).</summary>
    [Fact]
    public void The_configuration_of_a_recorded_run_of_trl_becomes_the_run_that_replays_it()
    {
        string path = RepositoryPaths.Shared("goldens", "ppo", "trl", "minibatch", "run.json");
        using JsonDocument run = JsonDocument.Parse(File.ReadAllText(path));
        string config = _folder.Write("config.json", run.RootElement.GetProperty("config").GetRawText());

        ConfigImport import = ConfigImport.Of(ConfigImport.Trainers[ImportSource.Trl], ForeignConfigReader.Read(config));
        PpoCommandSettings settings = Load(import, "--actor_model_name_or_path", "a", "--reward_model_name_or_path", "r", "--output_dir", "o");

        Assert.Equal(2, settings.Ppo.UpdateIters);
        Assert.Equal(8, settings.Batch.PerDevicePromptBatchSize);
        Assert.Equal(2, settings.Batch.PerDeviceTrainBatchSize);
        Assert.Equal(2, settings.Batch.GradientAccumulationSteps);
        Assert.Equal(2, BatchPlan.Create(settings, 24).OptimizerStepsPerPass);
        Assert.Equal(12, settings.Sampling.MaxDecLen);
        Assert.Equal(0.7, settings.Sampling.Temperature);
        Assert.Equal((0.05, 0.2, 0.2, 1.0, 0.95), (settings.Ppo.KlCoeff, settings.Ppo.ClipRangeRatio, settings.Ppo.ClipRangeValue, settings.Ppo.Gamma, settings.Ppo.GaeLambda));
        Assert.Equal(1.0, settings.Ppo.MissingEosPenalty);
        Assert.Equal((0.001, SchedulerType.Constant, SchedulerType.Constant), (settings.Optimizer.LearningRate, settings.Optimizer.LrSchedulerType, settings.Optimizer.CriticLrSchedulerType));
        Assert.Equal(ScorePlacement.AfterEos, settings.Ppo.ScorePlacement);
        Assert.Contains(import.LeftOut, line => line.StartsWith("vf_coef = 0.1", StringComparison.Ordinal));
        Assert.DoesNotContain(import.LeftOut, line => line.Contains("not known", StringComparison.Ordinal) || line.StartsWith("whiten_rewards", StringComparison.Ordinal));
    }

    [Fact]
    public void A_launch_script_of_openrlhf_becomes_a_config()
    {
        ConfigImport import = Import(
            ImportSource.Openrlhf,
            "run.sh",
            """
            ray job submit -- python3 -m openrlhf.cli.train_ppo_ray \
               --pretrain models/base --reward_pretrain models/reward --save_path out/ppo \
               --micro_train_batch_size 8 --train_batch_size 128 --rollout_batch_size 1024 \
               --max_epochs 1 --num_episodes 2 --prompt_max_len 1024 --generate_max_len 512 \
               --zero_stage 3 --actor_learning_rate 5e-7 --critic_learning_rate 9e-6 --init_kl_coef 0.02 --l2 0.1 \
               --normalize_reward --gradient_checkpointing --vllm_num_engines 2 --reward_clip_range -5 5 \
               --advantage_estimator rloo --made_up 3
            """);
        string text = import.Config.ToText();

        Assert.All(
            new[]
            {
                "\"preset\": \"openrlhf\"", "\"actor_model_name_or_path\": \"models/base\"", "\"output_dir\": \"out/ppo\"", "\"per_device_prompt_batch_size\": 1024",
                "\"per_device_train_batch_size\": 8", "\"gradient_accumulation_steps\": 16", "\"num_train_epochs\": 2", "\"max_prompt_len\": 1024", "\"max_dec_len\": 512",
                "\"max_seq_len\": 1537", "\"sharding\": \"stage3\"", "\"learning_rate\": 5e-7", "\"min_learning_rate\": 5e-8", "\"critic_min_learning_rate\": 9e-7",
                "\"lr_scheduler_type\": \"cosine\"", "\"warmup_ratio\": 0.03", "\"critic_weight_decay\": 0.1", "\"adam_beta2\": 0.95", "\"clip_range_score\": 5", "\"normalize_reward\": true", "\"recompute\": true", "\"bf16\": true",
            },
            line => Assert.Contains(line, text, StringComparison.Ordinal));
        Assert.Contains(import.LeftOut, line => line.StartsWith("advantage_estimator = rloo", StringComparison.Ordinal));
        Assert.Contains(import.LeftOut, line => line.StartsWith("vllm_num_engines = 2", StringComparison.Ordinal));
        Assert.Contains(import.LeftOut, line => line.StartsWith("made_up = 3", StringComparison.Ordinal) && line.Contains("not known", StringComparison.Ordinal));
    }

    [Fact]
    public void The_names_of_paddlenlp_are_those_of_proxima()
    {
        ConfigImport import = Import(
            ImportSource.Paddlenlp,
            "ppo.json",
            """
            {"train_datasets": "x", "actor_model_name_or_path": "a", "reward_model_name_or_path": "r", "output_dir": "o", "use_fusemt": 1, "max_dec_len": 1024, "top_p": 0.8,
             "max_steps": 17, "per_device_prompt_batch_size": 2, "per_device_train_batch_size": 2, "gradient_accumulation_steps": 1, "learning_rate": 2e-6,
             "min_learning_rate": 2e-7, "critic_lr_scheduler_type": "cosine", "sharding": "stage1", "tensor_parallel_degree": 8, "max_length": 4096, "seed": 23,
             "offload_level": "freeze_model optimizer", "rl_algorithm": "ppo"}
            """);
        string text = import.Config.ToText();

        Assert.All(
            new[] { "\"preset\": \"paddlenlp\"", "\"max_seq_len\": 4096", "\"max_dec_len\": 1024", "\"top_p\": 0.8", "\"max_steps\": 17", "\"learning_rate\": 0.000002", "\"sharding\": \"stage1\"", "\"offload\": true", "\"use_fusemt\": true", "\"seed\": 23" },
            line => Assert.Contains(line.Replace("0.000002", "2e-6", StringComparison.Ordinal), text, StringComparison.Ordinal));
        Assert.Equal(["tensor_parallel_degree"], import.LeftOut.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void A_value_that_the_counterpart_cannot_have_is_listed()
    {
        ConfigImport import = Import(ImportSource.Trl, "c.json", """{"temperature": "hot", "report_to": "wandb", "whiten_rewards": true}""");

        Assert.Equal(["temperature", "report_to", "whiten_rewards"], import.LeftOut.Select(line => line.Split(' ')[0]));
        Assert.Contains("temperature takes a number, at least 0", import.LeftOut[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_of_the_other_trainer_that_differ_are_written_down()
    {
        PpoCommandSettings settings = Load(
            Import(ImportSource.Trl, "c.json", """{"sft_model_path": "a", "reward_model_path": "r", "output_dir": "o", "total_episodes": 1000}"""));

        Assert.Equal((4, 53, 0.7), (settings.Ppo.UpdateIters, settings.Sampling.MaxDecLen, settings.Sampling.Temperature));
        Assert.Equal((8, 125), (settings.Batch.PerDevicePromptBatchSize, settings.Run.MaxSteps));
    }

    [Fact]
    public void Every_rule_leads_to_an_argument_or_says_why_there_is_none()
    {
        ArgumentSchema schema = ArgumentSchema.Of<PpoCommandSettings>();
        Assert.All(ConfigImport.Trainers.Values, trainer =>
        {
            Assert.Equal(trainer.Rules.Count, trainer.Rules.DistinctBy(rule => rule.Source).Count());
            Assert.All(trainer.Rules, rule => Assert.True(rule.Target is null ? rule.Note.Length > 0 : schema.Find(rule.Target) is not null, rule.Source));
        });
    }

    private ConfigImport Import(ImportSource source, string name, string text) =>
        ConfigImport.Of(ConfigImport.Trainers[source], ForeignConfigReader.Read(_folder.Write(name, text)));

    private PpoCommandSettings Load(ConfigImport import, params string[] more) => PpoSettingsLoader.Load([_folder.Write("imported.json", import.Config.ToText()), .. more]).Settings;
}
