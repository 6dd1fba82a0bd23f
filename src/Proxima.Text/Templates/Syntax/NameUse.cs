namespace Proxima.Text.Templates.Syntax;

/// <summary>
/// What the parser notes about names: which macros use their special arguments, and filters or tests that do not exist.
/// As in jinja an unknown name is an error of the template, but inside <c>if</c> only when it is reached.
/// </summary>
internal sealed class NameUse
{
    private readonly List<HashSet<string>> _macros = [];
    private readonly List<(string Message, int Line, int Frame)> _unknown = [];
    private int _frame;

    /// <summary>A place to go back to.</summary>
    public int Mark => _unknown.Count;

    public void Load(string name)
    {
        foreach (HashSet<string> names in _macros)
        {
            names.Add(name);
        }
    }

    public void EnterMacro() => _macros.Add(new HashSet<string>(StringComparer.Ordinal));

    /// <summary>The names that were read inside the macro.</summary>
    public IReadOnlySet<string> LeaveMacro()
    {
        HashSet<string> names = _macros[^1];
        _macros.RemoveAt(_macros.Count - 1);
        return names;
    }

    /// <summary>Parses something with variables of its own, in which <c>if</c> outside does not count.</summary>
    public T InFrame<T>(Func<T> parse)
    {
        _frame++;
        T result = parse();
        _frame--;
        return result;
    }

    public void Unknown(string message, int line) => _unknown.Add((message, line, _frame));

    /// <summary>What was unknown since a mark stood under a condition: it is an error only when it is reached.</summary>
    public void Excuse(int mark)
    {
        int frame = _frame;
        int kept = mark;
        for (int i = mark; i < _unknown.Count; i++)
        {
            if (_unknown[i].Frame != frame)
            {
                _unknown[kept++] = _unknown[i];
            }
        }

        _unknown.RemoveRange(kept, _unknown.Count - kept);
    }

    /// <exception cref="TemplateException">an unknown name stands outside conditions</exception>
    public void Check()
    {
        if (_unknown.Count > 0)
        {
            throw TemplateException.Syntax(_unknown[0].Message, _unknown[0].Line);
        }
    }
}
