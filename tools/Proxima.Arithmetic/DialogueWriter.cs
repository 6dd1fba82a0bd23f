using System.Globalization;
using Proxima.Core;
using Proxima.Data.Dialogues;

namespace Proxima.Arithmetic;

/// <summary>Draws dialogues: a sum of two numbers below 30, then perhaps another one, or a digit that is added or taken away.</summary>
/// <param name="seed">another seed gives other dialogues</param>
/// <param name="heldOut">whether the last problem is one that training never sees; the turns before it are always of training</param>
internal sealed class DialogueWriter(long seed, bool heldOut)
{
    private const int Numbers = 30;
    private const int MostTurns = 3;
    private const int WrongAnswers = 3;

    /// <summary>Dialogue i with all its replies, and the last one as its label.</summary>
    public Dialogue Whole(int i)
    {
        var random = new CounterRandom(seed, RandomPurpose.DataOrder, i);
        Language language = random.NextInt(2) == 0 ? Language.English : Language.Chinese;
        int turns = 1 + random.NextInt(MostTurns);
        List<string> src = [];
        List<string> tgt = [];
        int? before = null;
        for (int turn = 0; turn < turns; turn++)
        {
            bool wanted = heldOut && turn == turns - 1;
            (string words, int answer) = Turn(language, before, wanted, ref random);
            src.Add(words);
            tgt.Add(Text(answer));
            before = answer;
        }

        return new Dialogue { Src = src, Tgt = tgt, Label = tgt[^1] };
    }

    /// <summary>Dialogue i with its last turn open.</summary>
    public Dialogue Prompt(int i)
    {
        Dialogue whole = Whole(i);
        return whole with { Tgt = [.. whole.Tgt.SkipLast(1)] };
    }

    /// <summary>Dialogue i with the right answer first, then wrong ones such as are made: a carry forgotten, a digit off, digits turned round.</summary>
    public Dialogue Comparison(int i)
    {
        Dialogue prompt = Prompt(i);
        var random = new CounterRandom(seed, RandomPurpose.DataOrder, i, 1);
        int right = int.Parse(prompt.Label!, CultureInfo.InvariantCulture);
        List<string> responses = [Text(right)];
        while (responses.Count <= WrongAnswers)
        {
            string wrong = Text(Wrong(right, ref random));
            if (!responses.Contains(wrong))
            {
                responses.Add(wrong);
            }
        }

        return prompt with { Label = null, Response = responses, Sort = [1, .. Enumerable.Repeat(0.0, WrongAnswers)] };
    }

    private static (string Words, int Answer) Turn(Language language, int? before, bool heldOut, ref CounterRandom random)
    {
        if (before is not int known || random.NextInt(3) == 0)
        {
            Problem sum;
            do
            {
                sum = new Problem(random.NextInt(Numbers), random.NextInt(Numbers));
            }
            while (sum.IsHeldOut != heldOut);

            string[] questions = before is null ? language.First : language.Next;
            return (string.Format(CultureInfo.InvariantCulture, questions[random.NextInt(questions.Length)], sum.Left, sum.Right), sum.Answer);
        }

        Problem[] steps = [.. Enumerable.Range(-9, 19).Where(d => d != 0 && known + d >= 0).Select(d => new Problem(known, d)).Where(p => p.IsHeldOut == heldOut)];
        if (steps.Length == 0)
        {
            return Turn(language, null, heldOut, ref random);
        }

        Problem step = steps[random.NextInt(steps.Length)];
        string[] phrases = step.Right > 0 ? language.Plus : language.Minus;
        return (string.Format(CultureInfo.InvariantCulture, phrases[random.NextInt(phrases.Length)], Math.Abs(step.Right)), step.Answer);
    }

    private static int Wrong(int right, ref CounterRandom random) => random.NextInt(6) switch
    {
        0 => right + 1,
        1 => Math.Max(0, right - 1),
        2 => right + 10,
        3 => Math.Abs(right - 10),
        4 => (right / 10) + (right % 10 * 10),
        _ => random.NextInt(2 * Numbers),
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
