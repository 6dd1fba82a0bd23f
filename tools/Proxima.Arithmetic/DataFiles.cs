using Proxima.Core.Runs;
using Proxima.Data.Dialogues;

namespace Proxima.Arithmetic;

/// <summary>Which dialogues go to which file. Every file has a seed of its own.</summary>
internal static class DataFiles
{
    private const long SftSeed = 11;
    private const long PpoSeed = 12;
    private const long PreferenceSeed = 13;
    private const long EvaluationSeed = 14;

    /// <summary>Prompts to train and evaluate PPO on, and a few lines of each other kind.</summary>
    public static void WriteSmall(string folder)
    {
        Write(folder, "ppo_train.jsonl", 2000, new DialogueWriter(PpoSeed, heldOut: false).Prompt);
        Write(folder, "ppo_eval.jsonl", 256, new DialogueWriter(EvaluationSeed, heldOut: true).Prompt);
        Write(folder, "sft_eval.jsonl", 256, new DialogueWriter(EvaluationSeed, heldOut: true).Whole);
        Write(folder, "preferences_eval.jsonl", 256, new DialogueWriter(EvaluationSeed, heldOut: true).Comparison);
    }

    /// <summary>What the default models learn from.</summary>
    public static void WriteTraining(string folder)
    {
        Write(folder, "sft_train.jsonl", 30000, new DialogueWriter(SftSeed, heldOut: false).Whole);
        Write(folder, "preferences_train.jsonl", 20000, new DialogueWriter(PreferenceSeed, heldOut: false).Comparison);
    }

    private static void Write(string folder, string name, int lines, Func<int, Dialogue> dialogue) =>
        AtomicFile.Write(Path.Combine(folder, name), file =>
        {
            for (int i = 0; i < lines; i++)
            {
                file.Write(DialogueLine.Write(dialogue(i)));
                file.WriteByte((byte)'\n');
            }
        });
}
