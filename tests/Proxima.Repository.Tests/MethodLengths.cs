using System.Text.RegularExpressions;

namespace Proxima.Repository.Tests;

/// <summary>
/// Finds methods by their indentation, which the formatter guarantees: a body opens with a brace alone on its line, at the indentation
/// of the declaration before it, and closes with one at the same place, where a parenthesis may follow.
/// </summary>
internal static partial class MethodLengths
{
    /// <summary>First line (from 1) and number of lines of each method with a body in braces.</summary>
    public static IReadOnlyList<(int FirstLine, int Lines)> Of(string[] code)
    {
        List<(int, int)> methods = [];
        for (int i = 1; i < code.Length; i++)
        {
            if (code[i].Trim() != "{" || DeclarationBefore(code, i) is not { } first)
            {
                continue;
            }

            int last = Array.FindIndex(code, i, line => line.StartsWith(Indentation(code[i]) + "}", StringComparison.Ordinal));
            if (last >= 0 && IsMethod(code, first, i))
            {
                methods.Add((first + 1, last - first + 1));
            }
        }

        return methods;
    }

    /// <summary>The line where the declaration before a brace begins: the nearest one at the same indentation.</summary>
    private static int? DeclarationBefore(string[] code, int brace)
    {
        for (int i = brace - 1; i >= 0 && code[i].Trim().Length > 0; i--)
        {
            if (Indentation(code[i]) == Indentation(code[brace]))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>A member with parameters: it has an access modifier, no type keyword, and no initialiser before its parameters.</summary>
    private static bool IsMethod(string[] code, int first, int brace)
    {
        string declaration = string.Join(' ', code[first..brace]);
        string head = declaration.Split('(')[0];
        return declaration.Contains('(', StringComparison.Ordinal)
            && AccessModifier().IsMatch(head)
            && !TypeKeyword().IsMatch(head)
            && !head.Contains(" = ", StringComparison.Ordinal);
    }

    private static string Indentation(string line) => line[..(line.Length - line.TrimStart().Length)];

    [GeneratedRegex(@"^\s*(public|private|protected|internal)\b")]
    private static partial Regex AccessModifier();

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\b")]
    private static partial Regex TypeKeyword();
}
