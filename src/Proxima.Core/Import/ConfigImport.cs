using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Core.Import;

/// <summary>A config of <c>ppo</c> made from the arguments of another trainer.</summary>
public sealed class ConfigImport
{
    private const string TaskPlaceholder = "task_ppo.json";

    private readonly List<string> _leftOut = [];

    private ConfigImport(CommentedConfig config) => Config = config;

    /// <summary>Every trainer that is known, by the value of <c>from</c>.</summary>
    public static IReadOnlyDictionary<ImportSource, ForeignTrainer> Trainers { get; } = new Dictionary<ImportSource, ForeignTrainer>
    {
        [ImportSource.Trl] = TrlRules.Trainer,
        [ImportSource.Openrlhf] = OpenRlhfRules.Trainer,
        [ImportSource.Paddlenlp] = PaddleNlpRules.Trainer,
    };

    /// <summary>The config.</summary>
    public CommentedConfig Config { get; }

    /// <summary>What was not taken over, each with the reason.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Takes over what has a counterpart, writes down defaults that differ, and says what is left.</summary>
    /// <param name="trainer">whose arguments they are</param>
    /// <param name="arguments">as they were written</param>
    public static ConfigImport Of(ForeignTrainer trainer, IReadOnlyList<ForeignArgument> arguments)
    {
        ConfigImport import = new(new CommentedConfig(ArgumentSchema.Of<PpoCommandSettings>()));
        import.Config.TrySet("preset", trainer.Preset, $"the algorithm as {trainer.Name} has it");
        import.Config.TrySet("do_train", "true", "");
        import.Config.TrySet("train_task_config", TaskPlaceholder, "write this file: [{\"filepath\": \"prompts.jsonl\"}]");
        Dictionary<string, string> values = arguments.ToDictionary(argument => argument.Name, argument => argument.Text);
        foreach ((string target, string text, string why) in trainer.WorkOut(new ForeignValues(values)))
        {
            import.Take(target, text, why, why);
        }

        foreach (ForeignArgument argument in arguments)
        {
            import.Add(trainer, argument);
        }

        foreach (ImportRule rule in trainer.Rules.Where(rule => rule is { Default: not null, Target: not null } && !values.ContainsKey(rule.Source)))
        {
            import.Take(rule.Target!, rule.Default!, $"{trainer.Name}'s default of {rule.Source}", rule.Source);
        }

        return import;
    }

    /// <summary>The rules of a trainer as a table of the documentation.</summary>
    /// <param name="trainer">whose</param>
    public static string Markdown(ForeignTrainer trainer)
    {
        IEnumerable<string> rows = trainer.Rules.Select(rule =>
        {
            string target = rule.Target is null ? "–" : $"`{rule.Target}`";
            string note = rule.Default is null ? rule.Note : string.Join("; ", new[] { $"without it {rule.Default}", rule.Note }.Where(text => text.Length > 0));
            return $"| `{rule.Source}` | {target} | {note} |\n";
        });
        return $"| {trainer.Name} | Proxima | note |\n|---|---|---|\n{string.Concat(rows)}";
    }

    private void Add(ForeignTrainer trainer, ForeignArgument argument)
    {
        ImportRule[] rules = [.. trainer.Rules.Where(rule => rule.Source == argument.Name)];
        if (rules.Length == 0)
        {
            string nearest = NearestName.Of(argument.Name, trainer.Rules.Select(rule => rule.Source));
            _leftOut.Add($"{argument.Name} = {argument.Text} ({argument.Origin}): not known as an argument of {trainer.Name}; the nearest known is {nearest}");
            return;
        }

        ImportRule rule = rules[0];
        if (rule.IsWorkedOut || argument.Text == rule.OnlyValue)
        {
            return;
        }

        if (rule.Target is null)
        {
            _leftOut.Add($"{argument.Name} = {argument.Text} ({argument.Origin}): {rule.Note}");
            return;
        }

        string? text = rule.Convert(argument.Text);
        string origin = rule.Source == rule.Target ? "" : rule.Source;
        if (text is null || !Config.TrySet(rule.Target, text, rule.Note.Length == 0 ? origin : $"{origin}; {rule.Note}".TrimStart(';', ' ')))
        {
            string expected = ArgumentSchema.Of<PpoCommandSettings>()[rule.Target].Expected;
            _leftOut.Add($"{argument.Name} = {argument.Text} ({argument.Origin}): {rule.Target} takes {expected}. {rule.Note}".TrimEnd());
        }
    }

    private void Take(string target, string text, string comment, string source)
    {
        if (!Config.TrySet(target, text, comment))
        {
            _leftOut.Add($"{source}: {target} cannot be {text}; it takes {ArgumentSchema.Of<PpoCommandSettings>()[target].Expected}");
        }
    }
}
