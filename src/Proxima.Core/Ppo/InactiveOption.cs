using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>An option that has no effect while the feature it belongs to is off.</summary>
/// <param name="Key">the option</param>
/// <param name="IsInactive">whether its feature is off</param>
/// <param name="Because">why, as half a sentence</param>
public sealed record InactiveOption(string Key, Func<PpoCommandSettings, bool> IsInactive, string Because);
