using System.Text;

namespace Proxima.Core.Binding;

/// <summary>Names of C# as names of the command line.</summary>
internal static class SnakeCase
{
    /// <summary>"KlCoeff" → "kl_coeff", "Fp16OptLevel" → "fp16_opt_level". Digits stay with the word before them.</summary>
    public static string Of(string pascalName)
    {
        StringBuilder text = new();
        foreach (char letter in pascalName)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
