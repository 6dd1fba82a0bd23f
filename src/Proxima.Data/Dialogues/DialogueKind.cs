namespace Proxima.Data.Dialogues;

/// <summary>What a data file is read for, which decides what a line must hold.</summary>
public enum DialogueKind
{
    /// <summary>Prompts of PPO, evaluation and generation: the last user turn is open, len(tgt) == len(src) − 1.</summary>
    Prompt,

    /// <summary>The same, and each has a label: something compares the answers with it.</summary>
    LabelledPrompt,

    /// <summary>SFT and ptx: every user turn has its reply, len(tgt) == len(src).</summary>
    Supervised,

    /// <summary>Reward model: a prompt with two or more ranked responses.</summary>
    Preference,
}
