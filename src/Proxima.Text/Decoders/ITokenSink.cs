namespace Proxima.Text.Decoders;

/// <summary>Takes the tokens of one text in order, or the fragments of one token; a stage of decoding passes them on.</summary>
internal interface ITokenSink
{
    public void Push(string token);

    /// <summary>Lets out what was held back; called once, at the end.</summary>
    public void Finish();
}
