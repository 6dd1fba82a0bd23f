using Proxima.Core.Binding;

namespace Proxima.Cli;

/// <summary>A way in which a command is called, for the completion of shells.</summary>
/// <param name="Word">the word behind the command's name, as check in <c>data check</c>; empty: none</param>
/// <param name="Arguments">what it takes as --key value; null: nothing</param>
internal sealed record CommandForm(string Word, Func<ArgumentSchema>? Arguments);
