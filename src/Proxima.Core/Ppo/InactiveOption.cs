namespace Proxima.Core.Ppo;

/// <summary>An option that has no effect while the feature it belongs to is off.</summary>
/// <typeparam name="TRoot">root settings record</typeparam>
/// <param name="Key">the option</param>
/// <param name="IsInactive">whether its feature is off</param>
/// <param name="Because">why, as half a sentence</param>
public sealed record InactiveOption<TRoot>(string Key, Func<TRoot, bool> IsInactive, string Because);
