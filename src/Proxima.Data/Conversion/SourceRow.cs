using System.Text.Json.Nodes;
using Proxima.Data.Dialogues;

namespace Proxima.Data.Conversion;

/// <summary>One row of a file in another layout.</summary>
/// <param name="Columns">name → value</param>
/// <param name="Origin">the line of a text file, or the number of the row, from 1</param>
internal sealed record SourceRow(JsonObject Columns, SourceLine Origin);
