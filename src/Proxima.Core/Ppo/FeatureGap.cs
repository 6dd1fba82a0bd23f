namespace Proxima.Core.Ppo;

/// <summary>Something that an argument can ask for and this version cannot do: asking for it is an error.</summary>
/// <typeparam name="TRoot">root settings record</typeparam>
/// <param name="Key">the argument</param>
/// <param name="IsAskedFor">whether settings ask for it</param>
/// <param name="Reason">what this version does instead, as half a sentence</param>
public sealed record FeatureGap<TRoot>(string Key, Func<TRoot, bool> IsAskedFor, string Reason)
{
    /// <summary>The same gap in settings that hold these ones.</summary>
    /// <param name="part">finds them</param>
    /// <param name="where">whether the gap is there at all</param>
    public FeatureGap<TWhole> Within<TWhole>(Func<TWhole, TRoot> part, Func<TRoot, bool> where) =>
        new(Key, whole => where(part(whole)) && IsAskedFor(part(whole)), Reason);
}
