using Proxima.Core;

namespace Proxima.Text.Patterns;

/// <summary>
/// Makes the state table of a pattern (subset construction that keeps the order of priority).
/// A state is a list of instructions that wait for a character; which of its look-aheads hold, and whether the pattern
/// matches before a character, is decided when that character is known, so each transition carries a match flag.
/// </summary>
internal sealed class PatternTableBuilder
{
    public const int DeadState = 0;
    public const int StartState = 1;

    /// <summary>Set in a transition when the pattern matches up to, and without, the character read.</summary>
    public const int MatchFlag = 1;

    private const int MaxStates = 4000;
    private const int MaxCells = 4_000_000;
    private const long MaxWork = 300_000_000;

    private readonly string _pattern;
    private readonly PatternProgram _program;
    private readonly bool[][] _setHasClass;
    private readonly int _end;
    private readonly List<int[]> _states = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly bool[] _visited;

    public PatternTableBuilder(string pattern, PatternProgram program, CharacterClassMap classes)
    {
        _pattern = pattern;
        _program = program;
        _end = classes.Count;
        _setHasClass = [.. program.Sets.Select(
            set => (bool[])[.. classes.Representatives.Select(set.Contains), false])];
        _visited = new bool[program.Instructions.Count];
    }

    /// <returns>[states × (classes + 1)] next state × 2, plus the match flag; the last column is the end of the text.</returns>
    public int[] Build()
    {
        StateOf([]);
        var start = new List<int>();
        AddWaiting(_program.Start, start);
        StateOf(start);

        var transitions = new List<int>();
        for (int state = 0; state < _states.Count; state++)
        {
            long cells = (long)_states.Count * (_end + 1);
            if (cells > MaxCells || cells * _program.Instructions.Count > MaxWork)
            {
                throw TooLarge();
            }

            for (int characterClass = 0; characterClass <= _end; characterClass++)
            {
                transitions.Add(Transition(_states[state], characterClass));
            }
        }

        return [.. transitions];
    }

    private int Transition(int[] waiting, int characterClass)
    {
        var resolved = new List<int>();
        bool matches = Resolve(waiting, characterClass, resolved);
        var next = new List<int>();
        Array.Clear(_visited);
        foreach (int index in resolved)
        {
            PatternInstruction instruction = _program.Instructions[index];
            if (_setHasClass[instruction.First][characterClass])
            {
                Walk(instruction.Second, next, characterClass: null);
            }
        }

        return (StateOf(next) << 1) | (matches ? MatchFlag : 0);
    }

    /// <summary>
    /// Follows the look-aheads that hold before the character. True when the pattern matches here;
    /// what has a lower priority than the match is left out.
    /// </summary>
    private bool Resolve(int[] waiting, int characterClass, List<int> resolved)
    {
        Array.Clear(_visited);
        foreach (int index in waiting)
        {
            if (Walk(index, resolved, characterClass))
            {
                return true;
            }
        }

        return false;
    }

    private void AddWaiting(int index, List<int> waiting)
    {
        Array.Clear(_visited);
        Walk(index, waiting, characterClass: null);
    }

    /// <summary>
    /// Adds the instructions reached without consuming a character, in order of priority. Without a known next
    /// character, look-aheads and matches are added as they are; with one, look-aheads are followed where they hold and
    /// the first match ends the walk with true.
    /// </summary>
    private bool Walk(int start, List<int> reached, int? characterClass)
    {
        var stack = new Stack<int>();
        stack.Push(start);
        while (stack.TryPop(out int index))
        {
            if (_visited[index])
            {
                continue;
            }

            _visited[index] = true;
            PatternInstruction instruction = _program.Instructions[index];
            switch (instruction.Operation)
            {
                case PatternOperation.Split:
                    stack.Push(instruction.Second);
                    stack.Push(instruction.First);
                    break;
                case PatternOperation.Match when characterClass is not null:
                    return true;
                case PatternOperation.NextIs or PatternOperation.NextIsNot when characterClass is int next:
                    bool inSet = _setHasClass[instruction.First][next];
                    if (inSet == (instruction.Operation == PatternOperation.NextIs))
                    {
                        stack.Push(instruction.Second);
                    }

                    break;
                default:
                    reached.Add(index);
                    break;
            }
        }

        return false;
    }

    private int StateOf(List<int> reached)
    {
        // What comes after a match has a lower priority than it and can never win.
        int match = reached.FindIndex(index => _program.Instructions[index].Operation == PatternOperation.Match);
        List<int> waiting = match < 0 ? reached : reached[..(match + 1)];
        string key = string.Concat(waiting.Select(index => (char)index));
        if (_known.TryGetValue(key, out int state))
        {
            return state;
        }

        if (_states.Count >= MaxStates)
        {
            throw TooLarge();
        }

        _states.Add([.. waiting]);
        _known.Add(key, _states.Count - 1);
        return _states.Count - 1;
    }

    private ProximaException TooLarge() => new(
        ExitCode.Data,
        $"pattern \"{_pattern}\" needs too many states (over {MaxStates}). Expected a split pattern of usual size.");
}
