namespace Proxima.Core.Binding;

/// <summary>One <c>key: value</c> of a config file or <c>--key value</c> of a command line.</summary>
/// <param name="Key">the name as written</param>
/// <param name="Value">the value as written</param>
/// <param name="Origin">"file:line" or "command line"</param>
internal sealed record WrittenValue(string Key, RawValue Value, string Origin);
