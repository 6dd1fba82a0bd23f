namespace Proxima.Data.Examples;

/// <summary>A rendered dialogue and where in it the replies stand that are trained.</summary>
/// <param name="Text">the text, ended behind the last reply</param>
/// <param name="Replies">UTF-16 ranges [start, end), in order, their ends of turn included where replies have one</param>
/// <param name="IsWhole">every reply of the dialogue is among them</param>
internal sealed record RenderedReplies(string Text, IReadOnlyList<(int Start, int End)> Replies, bool IsWhole);
