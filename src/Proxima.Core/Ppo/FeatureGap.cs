namespace Proxima.Core.Ppo;

/// <summary>Something that an argument can ask for and this version cannot do.</summary>
/// <typeparam name="TRoot">root settings record</typeparam>
/// <param name="Key">the argument</param>
/// <param name="Kind">what happens then</param>
/// <param name="IsAskedFor">whether settings ask for it</param>
/// <param name="Reason">what this version does instead, as half a sentence</param>
public sealed record FeatureGap<TRoot>(string Key, FeatureGapKind Kind, Func<TRoot, bool> IsAskedFor, string Reason);
