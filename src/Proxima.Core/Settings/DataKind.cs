namespace Proxima.Core.Settings;

/// <summary>What data are for, as the commands on data name it.</summary>
public enum DataKind
{
    /// <summary>As the first line looks.</summary>
    Auto,

    /// <summary>Prompts: the last user turn is open.</summary>
    Ppo,

    /// <summary>Dialogues with every reply.</summary>
    Sft,

    /// <summary>A prompt with ranked responses.</summary>
    Preference,
}
