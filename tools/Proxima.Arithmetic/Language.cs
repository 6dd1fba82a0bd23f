namespace Proxima.Arithmetic;

/// <summary>How problems are put in one language; {0} and {1} are numbers.</summary>
/// <param name="First">questions with two numbers</param>
/// <param name="Next">the same in later turns</param>
/// <param name="Plus">follow-ups that add to the answer before</param>
/// <param name="Minus">follow-ups that take away from it</param>
internal sealed record Language(string[] First, string[] Next, string[] Plus, string[] Minus)
{
    public static Language English { get; } = new(
        ["What is {0} + {1}?", "{0} + {1} = ?", "How much is {0} plus {1}?", "Please add {0} and {1}."],
        ["And {0} + {1}?", "Now {0} plus {1}."],
        ["Add {0}.", "And {0} more?"],
        ["Take away {0}.", "And {0} less?"]);

    public static Language Chinese { get; } = new(
        ["{0}加{1}等于几？", "{0}+{1}=？", "请算{0}加{1}。", "{0}和{1}一共是多少？"],
        ["那{0}加{1}呢？", "再算{0}+{1}。"],
        ["再加{0}呢？", "加上{0}。"],
        ["再减{0}呢？", "减去{0}。"]);

    /// <summary>Every phrase.</summary>
    public IEnumerable<string> Phrases => First.Concat(Next).Concat(Plus).Concat(Minus);
}
