using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.Data.Examples;
using Proxima.Models;

namespace Proxima.Cli.Starting;

/// <summary>The files that <c>init</c> writes.</summary>
internal sealed class InitFiles(InitSettings settings)
{
    private readonly InitStage _stage = settings.Stage ?? InitStage.Ppo;

    public static string CommandOf(InitSettings settings) => EnumText.Of(settings.Stage ?? InitStage.Ppo);

    public static string SchemaName(InitSettings settings) => $"{CommandOf(settings)}.schema.json";

    /// <summary>Reads model and data, then writes config, task files and schema.</summary>
    /// <returns>path of the config</returns>
    /// <exception cref="ProximaException">model or data cannot be used, or a file is there already</exception>
    public string Write()
    {
        string folder = InputFiles.ModelFolder("model_name_or_path", settings.ModelNameOrPath!, settings.FollowModelLinks);
        ModelConfig model = ModelConfig.Load(folder);
        DialogueEncoder encoder = DialogueEncoder.Load(folder, ReplyEnding.EndOfTurn);
        InitData data = InitData.Read(settings.TrainFiles!, _stage, encoder);
        if (settings.EvalFiles is not null)
        {
            InitData.Read(settings.EvalFiles, _stage, encoder);
        }

        string command = CommandOf(settings);
        string config = InFolder($"{command}.json");
        string schema = InFolder(SchemaName(settings));
        string train = InFolder($"task_{command}_train.json");
        string? eval = settings.EvalFiles is null ? null : InFolder($"task_{command}_eval.json");
        NewFiles.Require([config, schema, train, .. eval is null ? Array.Empty<string>() : [eval]]);
        CreateFolder();
        NewFiles.Write("config_dir", schema, ConfigSchema.Text(Schema(), $"proxima {command}"));
        NewFiles.Write("config_dir", train, TaskText("Training", settings.TrainFiles!));
        if (eval is not null)
        {
            NewFiles.Write("config_dir", eval, TaskText("Evaluation", settings.EvalFiles!));
        }

        var text = new InitConfig(settings, InitPlan.Create(_stage, model, data), data, train, eval);
        NewFiles.Write("config_dir", config, text.Write(new CommentedConfig(Schema()) { SchemaPlace = SchemaName(settings) }));
        return config;
    }

    private ArgumentSchema Schema() => _stage switch
    {
        InitStage.Sft => ArgumentSchema.Of<SftCommandSettings>(),
        InitStage.Reward => ArgumentSchema.Of<RewardCommandSettings>(),
        _ => ArgumentSchema.Of<PpoCommandSettings>(),
    };

    private string InFolder(string name) => settings.ConfigDir is "." or "" ? name : Path.Combine(settings.ConfigDir, name);

    private void CreateFolder()
    {
        try
        {
            Directory.CreateDirectory(Path.GetFullPath(settings.ConfigDir));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(ExitCode.Usage, $"config_dir = {settings.ConfigDir} cannot be made: {exception.Message} Give another folder.", exception);
        }
    }

    /// <summary>A task file. Data below its folder are named from there, other data as they were given.</summary>
    private string TaskText(string purpose, IReadOnlyList<string> files)
    {
        IEnumerable<string> sources = files
            .Select(file => Path.GetRelativePath(Path.GetFullPath(settings.ConfigDir), file) is var below && !below.StartsWith("..", StringComparison.Ordinal) ? below : file)
            .Select(file => $"  {{\"filepath\": {CommentedConfig.Quoted(file)}, \"prob\": 1.0}}");
        return $"// {purpose} data. Paths are read from this folder first, then from the working directory; prob is the share of each source.\n[\n{string.Join(",\n", sources)}\n]\n";
    }
}
