namespace Proxima.Data.Dialogues;

/// <summary>A line breaks the data protocol; the message says what was found, what was expected and what to do.</summary>
internal sealed class InvalidLineException : Exception
{
    public InvalidLineException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
