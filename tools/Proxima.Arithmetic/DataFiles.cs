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
    private const long CarelessSeed = 15;

    /// <summary>Numbers of the task are below this.</summary>
    private const int Numbers = 10;

    /// <summary>Numbers that the base model learns are below this, so that it has more to learn from.</summary>
    private const int NumbersOfBase = 20;

    /// <summary>Share of wrong replies in the dialogues that make the actor careless; a wrong one may be right by chance.</summary>
    private const double CarelessShare = 0.28;

    /// <summary>Prompts to train and evaluate PPO on, and a few lines of each other kind.</summary>
    public static void WriteSmall(string folder)
    {
        Write(folder, "ppo_train.jsonl", 2000, new DialogueWriter(PpoSeed, heldOut: false, Numbers).Prompt);
        Write(folder, "ppo_eval.jsonl", 256, new DialogueWriter(EvaluationSeed, heldOut: true, Numbers).Prompt);
        Write(folder, "sft_eval.jsonl", 256, new DialogueWriter(EvaluationSeed, heldOut: true, Numbers).Whole);
        Write(folder, "preferences_eval.jsonl", 256, new DialogueWriter(EvaluationSeed, heldOut: true, Numbers).Comparison);
    }

    /// <summary>What the default models learn from.</summary>
    public static void WriteTraining(string folder)
    {
        Write(folder, "sft_train.jsonl", 30000, new DialogueWriter(SftSeed, heldOut: false, NumbersOfBase).Whole);
        Write(folder, "careless_train.jsonl", 10000, new DialogueWriter(CarelessSeed, heldOut: false, Numbers, CarelessShare).Whole);
        Write(folder, "preferences_train.jsonl", 20000, new DialogueWriter(PreferenceSeed, heldOut: false, Numbers).Comparison);
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
