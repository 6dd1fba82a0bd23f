using System.Numerics;

namespace Proxima.Text.Templates.Values;

/// <summary>What counts as true.</summary>
internal static class PyTruth
{
    public static bool Of(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        BigInteger number => !number.IsZero,
        double number => number != 0,
        string text => text.Length > 0,
        SafeString safe => safe.Text.Length > 0,
        PySequence sequence => sequence.Items.Count > 0,
        PyDict dict => dict.Count > 0,
        DictView view => view.Count > 0,
        PyRange range => !range.Count.IsZero,
        Runtime.LoopContext loop => loop.Length > 0,
        _ => true,
    };
}
