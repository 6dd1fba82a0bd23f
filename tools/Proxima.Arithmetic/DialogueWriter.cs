using System.Globalization;
using System.Text;
using Proxima.Core;
using Proxima.Data.Dialogues;

namespace Proxima.Arithmetic;

/// <summary>Draws dialogues: a sum of two small numbers, then perhaps another one, or a digit that is added to the answer or taken away.</summary>
/// <param name="seed">another seed gives other dialogues</param>
/// <param name="heldOut">
/// whether the dialogue is one that training never sees: its questions up to the last, word by word. Its beginnings are of training.
/// </param>
/// <param name="numbers">the numbers of a sum are below this</param>
/// <param name="wrongShare">share of the replies that are wrong, in [0, 1]; the questions go on from what was replied</param>
internal sealed class DialogueWriter(long seed, bool heldOut, int numbers, double wrongShare = 0)
{
    private const int MostTurns = 3;
    private const int WrongAnswers = 3;

    /// <summary>One dialogue in so many is kept for evaluation.</summary>
    private const int HeldOutShare = 10;

    private const long SplitSeed = 2025;

    /// <summary>Dialogue i with all its replies, and the right answer to the last turn as its label.</summary>
    public Dialogue Whole(int i)
    {
        var random = new CounterRandom(seed, RandomPurpose.DataOrder, i);
        Language language = random.NextInt(2) == 0 ? Language.English : Language.Chinese;
        int turns = 1 + random.NextInt(MostTurns);
        List<string> src = [];
        List<string> tgt = [];
        int? before = null;
        string label = "";
        while (src.Count < turns)
        {
            (string words, int answer) = Turn(language, before, ref random);
            bool wanted = heldOut && src.Count == turns - 1;
            if (IsHeldOut([.. src, words]) == wanted)
            {
                int reply = wrongShare > 0 && random.NextDouble() < wrongShare ? Wrong(answer, ref random) : answer;
                src.Add(words);
                tgt.Add(Text(reply));
                before = reply;
                label = Text(answer);
            }
        }

        return new Dialogue { Src = src, Tgt = tgt, Label = label };
    }

    /// <summary>Dialogue i with its last turn open.</summary>
    public Dialogue Prompt(int i)
    {
        Dialogue whole = Whole(i);
        return whole with { Tgt = [.. whole.Tgt.SkipLast(1)] };
    }

    /// <summary>Dialogue i with the right answer first, then wrong ones such as are made: a digit off, a carry forgotten, digits turned round.</summary>
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

    private (string Words, int Answer) Turn(Language language, int? before, ref CounterRandom random)
    {
        if (before is not int known || random.NextInt(3) == 0)
        {
            int left = random.NextInt(numbers);
            int right = random.NextInt(numbers);
            string[] questions = before is null ? language.First : language.Next;
            return (Fill(questions[random.NextInt(questions.Length)], left, right), left + right);
        }

        int digit = 1 + random.NextInt(9);
        bool takesAway = digit <= known && random.NextInt(2) == 0;
        string[] phrases = takesAway ? language.Minus : language.Plus;
        return (Fill(phrases[random.NextInt(phrases.Length)], digit), takesAway ? known - digit : known + digit);
    }

    /// <summary>By a hash of the words (FNV-1a), so that no list need be kept.</summary>
    private static bool IsHeldOut(IEnumerable<string> questions)
    {
        ulong hash = Encoding.UTF8.GetBytes(string.Join('\n', questions)).Aggregate(0xCBF29CE484222325, (h, b) => (h ^ b) * 0x100000001B3);
        return new CounterRandom(SplitSeed, RandomPurpose.DataOrder, (long)hash).NextInt(HeldOutShare) == 0;
    }

    private int Wrong(int right, ref CounterRandom random) => random.NextInt(6) switch
    {
        0 => right + 1,
        1 => Math.Max(0, right - 1),
        2 => right + 10,
        3 => Math.Abs(right - 10),
        4 => (right / 10) + (right % 10 * 10),
        _ => random.NextInt(3 * numbers),
    };

    private static string Fill(string phrase, params object[] numbers) => string.Format(CultureInfo.InvariantCulture, phrase, numbers);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
