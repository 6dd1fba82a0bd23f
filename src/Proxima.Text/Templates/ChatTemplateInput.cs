using System.Text.Json.Nodes;

namespace Proxima.Text.Templates;

/// <summary>What a chat template renders. Nulls are handed on as they are given.</summary>
public sealed record ChatTemplateInput
{
    /// <summary>The dialogue: objects with <c>role</c> and <c>content</c> and whatever else the template knows.</summary>
    public required JsonArray Messages { get; init; }

    /// <summary>End with the words that begin a reply.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>Descriptions of tools, if there are any.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>Documents to answer from, if there are any.</summary>
    public JsonArray? Documents { get; init; }

    /// <summary>Further variables by name; they win over everything else, special tokens included.</summary>
    public JsonObject? Variables { get; init; }
}
