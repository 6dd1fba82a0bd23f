using Proxima.Text.Decoders;

namespace Proxima.Text;

/// <summary>
/// Turns ids into text one at a time. A character that is split over tokens appears once and whole, with the token that
/// completes it; what all calls let out, put together, is what decoding all ids at once gives. A run of byte tokens such as
/// &lt;0xE4&gt; comes out when it ends, since one more byte can still break all of it. Never throws at ids.
/// For one thread and one text.
/// </summary>
public sealed class StreamingDecoder
{
    private readonly ITokenizerEngine _engine;
    private readonly SpecialTokenDisplay _display;
    private readonly TextSink _text = new();
    private readonly ITokenSink _tokens;
    private bool _finished;

    internal StreamingDecoder(ITokenizerEngine engine, SpecialTokenDisplay display)
    {
        _engine = engine;
        _display = display;
        _tokens = engine.StartDecoding(_text);
    }

    /// <summary>Takes the next id.</summary>
    /// <returns>The text that is certain now and was not before; null when there is none yet.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Finish"/> was called.</exception>
    public string? Push(int id)
    {
        ThrowIfFinished();
        if (_display == SpecialTokenDisplay.Skip && _engine.IsSpecial(id))
        {
            return null;
        }

        if (_engine.IdToToken(id) is string token)
        {
            _tokens.Push(token);
        }

        return _text.Take() is { Length: > 0 } text ? text : null;
    }

    /// <summary>The text that was held back, a broken character as U+FFFD; null when there is none.</summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public string? Finish()
    {
        ThrowIfFinished();
        _finished = true;
        _tokens.Finish();
        return _text.Take() is { Length: > 0 } text ? text : null;
    }

    private void ThrowIfFinished()
    {
        if (_finished)
        {
            throw new InvalidOperationException("This decoder has finished its text. Make a new one for another text.");
        }
    }
}
