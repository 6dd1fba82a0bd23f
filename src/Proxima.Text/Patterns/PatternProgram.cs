using Proxima.Core;

namespace Proxima.Text.Patterns;

/// <summary>A pattern as a list of instructions (Thompson's construction); the order of choices is their priority.</summary>
internal sealed class PatternProgram
{
    private const int MaxInstructions = 20_000;
    private const int MaxVisits = 200_000;
    private const int MaxSets = 1000;

    private readonly List<PatternInstruction> _instructions = [];
    private readonly List<CodePointSet> _sets = [];
    private readonly Dictionary<string, int> _setIndexes = new(StringComparer.Ordinal);
    private readonly string _pattern;
    private int _visits;

    private PatternProgram(string pattern)
    {
        _pattern = pattern;
    }

    public IReadOnlyList<PatternInstruction> Instructions => _instructions;

    /// <summary>The character sets that instructions name by index.</summary>
    public IReadOnlyList<CodePointSet> Sets => _sets;

    /// <summary>Index of the first instruction.</summary>
    public int Start { get; private set; }

    public static PatternProgram Compile(string pattern)
    {
        var program = new PatternProgram(pattern);
        PatternNode tree = PatternParser.Parse(pattern);
        int match = program.Add(PatternOperation.Match, 0, 0);
        program.Start = program.Emit(tree, match);
        return program;
    }

    /// <summary>Writes the instructions of a node that go on at <paramref name="next"/>; returns their start.</summary>
    private int Emit(PatternNode node, int next)
    {
        // Repetitions of an empty group write nothing, yet cost time.
        if (++_visits > MaxVisits)
        {
            throw TooLarge();
        }

        switch (node)
        {
            case PatternNode.Character character:
                return Add(PatternOperation.Character, SetIndex(character.Set), next);
            case PatternNode.NextIs look:
                return Add(PatternOperation.NextIs, SetIndex(look.Set), next);
            case PatternNode.NextIsNot look:
                return Add(PatternOperation.NextIsNot, SetIndex(look.Set), next);
            case PatternNode.Sequence sequence:
                return sequence.Parts.Reverse().Aggregate(next, (after, part) => Emit(part, after));
            case PatternNode.Choice choice:
                int[] starts = [.. choice.Branches.Select(branch => Emit(branch, next))];
                return starts.Reverse().Aggregate((rest, branch) => Add(PatternOperation.Split, branch, rest));
            case PatternNode.Repeat repeat:
                return EmitRepeat(repeat, next);
            default:
                throw new InvalidOperationException($"no instruction for {node.GetType().Name}");
        }
    }

    private int EmitRepeat(PatternNode.Repeat repeat, int next)
    {
        int entry = next;
        if (repeat.Maximum is int maximum)
        {
            for (int i = repeat.Minimum; i < maximum; i++)
            {
                entry = EmitFork(repeat.Preference, Emit(repeat.Body, entry), next);
            }
        }
        else
        {
            entry = Add(PatternOperation.Split, 0, 0);
            int body = Emit(repeat.Body, entry);
            _instructions[entry] = Fork(repeat.Preference, body, next);
        }

        for (int i = 0; i < repeat.Minimum; i++)
        {
            entry = Emit(repeat.Body, entry);
        }

        return entry;
    }

    private int EmitFork(RepeatPreference preference, int more, int done)
    {
        PatternInstruction fork = Fork(preference, more, done);
        return Add(fork.Operation, fork.First, fork.Second);
    }

    private static PatternInstruction Fork(RepeatPreference preference, int more, int done) =>
        preference == RepeatPreference.Greedy
            ? new PatternInstruction(PatternOperation.Split, more, done)
            : new PatternInstruction(PatternOperation.Split, done, more);

    private int SetIndex(CodePointSet set)
    {
        string content = string.Join(' ', set.Ranges);
        if (!_setIndexes.TryGetValue(content, out int index))
        {
            index = _sets.Count;
            if (index >= MaxSets)
            {
                throw TooLarge();
            }

            _sets.Add(set);
            _setIndexes.Add(content, index);
        }

        return index;
    }

    private int Add(PatternOperation operation, int first, int second)
    {
        if (_instructions.Count >= MaxInstructions)
        {
            throw TooLarge();
        }

        _instructions.Add(new PatternInstruction(operation, first, second));
        return _instructions.Count - 1;
    }

    private ProximaException TooLarge() => new(
        ExitCode.Data,
        $"pattern \"{_pattern}\" needs more than {MaxInstructions} instructions or {MaxSets} character sets. "
        + "Expected a split pattern of usual size.");
}
