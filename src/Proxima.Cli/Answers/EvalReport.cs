using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proxima.Data.Dialogues;
using Proxima.Training;

namespace Proxima.Cli.Answers;

/// <summary>What <c>eval</c> found: a table and examples to read, and everything as JSON.</summary>
internal sealed class EvalReport(EvalInputs inputs, IReadOnlyList<ModelAnswers> models)
{
    private const int NameWidth = 22;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly PairedComparison? _comparison =
        models.Count == 2 ? PairedComparison.Of(models[0].Scores, models[1].Scores, models[0].AnswersPerPrompt) : null;

    /// <summary>Numbers of each model in columns, the comparison, and the first examples.</summary>
    public void Print(TextWriter output)
    {
        IReadOnlyList<(string Name, double Value)>[] numbers = [.. models.Select(model => model.Numbers())];
        for (int i = 0; i < models.Count; i++)
        {
            output.WriteLine($"model {i + 1}: {models[i].Folder}");
        }

        for (int row = 0; row < numbers[0].Count; row++)
        {
            output.WriteLine($"  {numbers[0][row].Name.PadRight(NameWidth)}{string.Concat(numbers.Select(column => Number(column[row].Value).PadLeft(12)))}");
        }

        if (_comparison is { } found)
        {
            output.WriteLine($"model 1 against model 2, answer by answer: {found.Wins} wins, {found.Ties} ties, {found.Losses} losses");
            output.WriteLine($"  win rate {Number(found.WinRate)} {Range(found.WinRateInterval)}, a tie counts half; difference of the rewards {Number(found.Difference)} {Range(found.DifferenceInterval)}");
            output.WriteLine("  in brackets: 95 % confidence");
        }

        for (int prompt = 0; prompt < Math.Min(inputs.Settings.Eval.Examples, inputs.Prompts.Count); prompt++)
        {
            PrintExample(output, prompt);
        }
    }

    /// <summary>Settings that matter, numbers, comparison and every answer.</summary>
    public void WriteJson(Stream output)
    {
        using Utf8JsonWriter writer = new(output, Indented);
        writer.WriteStartObject();
        writer.WriteString("eval_task_config", inputs.Settings.Eval.EvalTaskConfig);
        writer.WriteString("reward", inputs.Settings.Eval.RewardModelNameOrPath ?? inputs.Settings.Reward.RewardServer ?? inputs.Settings.Reward.RewardFunction);
        writer.WriteNumber("eval_seed", inputs.Settings.Eval.EvalSeed);
        writer.WriteStartArray("models");
        foreach (ModelAnswers model in models)
        {
            writer.WriteStartObject();
            writer.WriteString("model_name_or_path", model.Folder);
            foreach ((string name, double value) in model.Numbers())
            {
                writer.WriteNumber(name, value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (_comparison is { } found)
        {
            WriteComparison(writer, found);
        }

        writer.WriteStartArray("prompts");
        for (int prompt = 0; prompt < inputs.Prompts.Count; prompt++)
        {
            WritePrompt(writer, prompt);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteComparison(Utf8JsonWriter writer, PairedComparison found)
    {
        writer.WriteStartObject("comparison");
        writer.WriteNumber("wins", found.Wins);
        writer.WriteNumber("ties", found.Ties);
        writer.WriteNumber("losses", found.Losses);
        (string Name, double Value)[] numbers =
        [
            ("win_rate", found.WinRate), ("win_rate_low", found.WinRateInterval.Low), ("win_rate_high", found.WinRateInterval.High),
            ("reward_difference", found.Difference), ("reward_difference_low", found.DifferenceInterval.Low), ("reward_difference_high", found.DifferenceInterval.High),
        ];
        foreach ((string name, double value) in numbers)
        {
            writer.WriteNumber(name, value);
        }

        writer.WriteEndObject();
    }

    private void WritePrompt(Utf8JsonWriter writer, int prompt)
    {
        writer.WriteStartObject();
        DialogueLine.WriteFields(writer, inputs.Prompts[prompt]);
        writer.WriteStartArray("answers");
        foreach (ModelAnswers model in models)
        {
            writer.WriteStartArray();
            foreach (int i in AnswersTo(prompt, model))
            {
                writer.WriteStartObject();
                writer.WriteString("response", model.Texts[i]);
                writer.WriteNumber("reward", model.Scores[i]);
                if (model.Gold is not null)
                {
                    writer.WriteNumber("gold", model.Gold[i]);
                }

                writer.WriteBoolean("finished", model.Sequences[i].Finished);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void PrintExample(TextWriter output, int prompt)
    {
        Dialogue dialogue = inputs.Prompts[prompt];
        output.WriteLine();
        output.WriteLine($"> {string.Join("\n> ", dialogue.Src.Zip(dialogue.Tgt.Append(""), (src, tgt) => tgt.Length > 0 ? $"{src}\n< {tgt}" : src))}");
        for (int model = 0; model < models.Count; model++)
        {
            int answer = prompt * models[model].AnswersPerPrompt;
            output.WriteLine($"  {model + 1}. reward {Number(models[model].Scores[answer])}: {models[model].Texts[answer]}");
        }
    }

    private static IEnumerable<int> AnswersTo(int prompt, ModelAnswers model) =>
        Enumerable.Range(prompt * model.AnswersPerPrompt, model.AnswersPerPrompt);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Range(ConfidenceInterval interval) => $"[{Number(interval.Low)}, {Number(interval.High)}]";
}
