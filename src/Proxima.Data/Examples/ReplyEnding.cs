namespace Proxima.Data.Examples;

/// <summary>What stands behind a reply that is trained or scored.</summary>
public enum ReplyEnding
{
    /// <summary>The template's end of turn, else the tokenizer's end of sequence.</summary>
    EndOfTurn,

    /// <summary>Nothing (<c>ignore_eos true</c>): replies have no end that could be learned.</summary>
    None,
}
