namespace Proxima.Text;

/// <summary>
/// Tells at which tokens one of some strings ends. It looks at what decoding all tokens so far gives, special tokens as their text, so a
/// string may span tokens, begin or end inside one, or be a special token. For one thread and one text.
/// </summary>
/// <param name="tokenizer">of the tokens</param>
/// <param name="strings">what to look for, none empty</param>
public sealed class StopStringWatcher(Tokenizer tokenizer, IReadOnlyList<string> strings)
{
    private readonly int _longest = strings.Max(text => text.Length);
    private readonly StreamingDecoder _decoder = tokenizer.NewStreamingDecoder(SpecialTokenDisplay.Show);
    private readonly List<int> _heldBack = [];
    private string _certain = ""; // the end of the text
    private int _searched; // characters of it in which nothing new can end

    /// <summary>Takes the next token.</summary>
    /// <returns>whether a string ends in it</returns>
    public bool Push(int id)
    {
        _heldBack.Add(id);
        if (_decoder.Push(id) is string text)
        {
            _certain += text;
            _heldBack.Clear();
        }

        // A decoder holds back what a later token may still break, such as a line feed spelt as a byte.
        string whole = _certain + tokenizer.DecodeWithSpecialTokens([.. _heldBack]);
        bool isFound = strings.Any(wanted => IsIn(whole, wanted));
        _searched = isFound ? whole.Length : Math.Max(_searched, _certain.Length);
        int dropped = Math.Max(0, _certain.Length - _longest);
        _certain = _certain[dropped..];
        _searched -= dropped;
        return isFound;
    }

    private bool IsIn(string text, string wanted) =>
        text.IndexOf(wanted, Math.Clamp(_searched - wanted.Length + 1, 0, text.Length), StringComparison.Ordinal) >= 0;
}
