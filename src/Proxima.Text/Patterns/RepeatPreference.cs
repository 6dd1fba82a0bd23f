namespace Proxima.Text.Patterns;

/// <summary>Whether a repetition tries more or fewer rounds first.</summary>
internal enum RepeatPreference
{
    /// <summary>As many as possible first.</summary>
    Greedy,

    /// <summary>As few as possible first.</summary>
    Lazy,
}
