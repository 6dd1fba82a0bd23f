using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Methods;

/// <summary>Methods that ask what characters a string has.</summary>
internal static class ClassMethods
{
    /// <summary>Every character is of a class, and there is one.</summary>
    public static Func<string, Arguments, object?> All(Func<int, bool> isOfClass) =>
        (text, _) => text.Length > 0 && CodePoints.ToArray(text).All(isOfClass);

    /// <summary>Every character is of a class.</summary>
    public static Func<string, Arguments, object?> AllOrEmpty(Func<int, bool> isOfClass) =>
        (text, _) => CodePoints.ToArray(text).All(isOfClass);

    /// <summary>There is a cased character, and all of them are of one case.</summary>
    public static Func<string, Arguments, object?> Cased(Func<int, bool> isOfCase) => (text, _) => IsOfCase(text, isOfCase);

    public static bool IsOfCase(string text, Func<int, bool> isOfCase)
    {
        int[] cased = [.. CodePoints.ToArray(text).Where(CharacterClasses.IsCased)];
        return cased.Length > 0 && cased.All(isOfCase);
    }

    /// <summary>Upper and title case begin words, lower case goes on in them.</summary>
    public static object? IsTitle(string text, Arguments arguments)
    {
        bool inWord = false;
        bool any = false;
        foreach (int point in CodePoints.ToArray(text))
        {
            bool begins = CharacterClasses.IsUpper(point) || CharacterClasses.IsTitle(point);
            bool isCased = begins || CharacterClasses.IsLower(point);
            if (isCased && begins == inWord)
            {
                return false;
            }

            any |= isCased;
            inWord = isCased;
        }

        return any;
    }
}
