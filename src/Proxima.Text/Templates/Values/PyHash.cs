using System.Numerics;
using System.Runtime.CompilerServices;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Values;

/// <summary>Hashes that agree with <see cref="PyComparison.AreEqual(object?, object?)"/>.</summary>
internal static class PyHash
{
    /// <exception cref="TemplateException">the value is a list or a dictionary</exception>
    public static int Of(object? value)
    {
        switch (value)
        {
            case null:
                return 0;
            case Undefined:
                return 1;
            case bool flag:
                return (flag ? BigInteger.One : BigInteger.Zero).GetHashCode();
            case BigInteger number:
                return number.GetHashCode();
            case double number:
                return double.IsFinite(number) && Math.Floor(number) == number
                    ? new BigInteger(number).GetHashCode()
                    : number.GetHashCode();
            case string or SafeString:
                string text = PyConvert.ToText(value);
                Meter.Step(text.Length >> 6);
                return string.GetHashCode(text, StringComparison.Ordinal);
            case PyTuple tuple:
                Meter.EnsureStack();
                return tuple.Items.Aggregate(17, (hash, item) => HashCode.Combine(hash, Of(item)));
            case PyList or PyDict or DictView:
                throw TemplateException.Runtime($"unhashable type: '{PyType.Name(value)}'");
            default:
                return RuntimeHelpers.GetHashCode(value);
        }
    }
}
