using System.Runtime.CompilerServices;

namespace Proxima.Text.Templates.Runtime;

/// <summary>
/// Counts what a rendering takes and stops it at the budget. One rendering runs on one thread, so the counters belong to
/// the thread: hashing and comparing of values, which nobody can hand a counter, are counted too.
/// </summary>
internal static class Meter
{
    private const int CharactersOfAnItem = 8;

    [ThreadStatic]
    private static Counters? Active;

    private static Counters Current => Active ?? new Counters(new TemplateBudget());

    /// <summary>Begins a rendering; it ends when the result is disposed.</summary>
    public static IDisposable Begin(TemplateBudget budget)
    {
        Counters? outer = Active;
        Active = new Counters(budget);
        return new Ending(outer);
    }

    /// <summary>Counts work that makes nothing.</summary>
    public static void Step(long count = 1) => Current.Step(count);

    /// <summary>Counts characters or items before they are made.</summary>
    public static void Allocate(long count) => Current.Allocate(count);

    /// <summary>Counts items of lists before they are made; each takes the room of several characters.</summary>
    public static void AllocateItems(long count) => Current.Allocate(count < 0 ? count : Math.Min(count, long.MaxValue / CharactersOfAnItem) * CharactersOfAnItem);

    /// <summary>Counts a search for one text in another, whose worst case is the product of the lengths.</summary>
    public static void Search(int length, int soughtLength) => Current.Step((length >> 6) + ((long)length * soughtLength >> 12));

    /// <summary>Runs something one call deeper.</summary>
    public static T Deeper<T>(Func<T> body)
    {
        Counters counters = Current;
        counters.Enter();
        try
        {
            return body();
        }
        finally
        {
            counters.Depth--;
        }
    }

    /// <summary>Guards recursion over values and expressions.</summary>
    public static void EnsureStack()
    {
        Current.Step(1);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Exceeded("the depth that the stack holds");
        }
    }

    private static TemplateException Exceeded(string limit) => new(
        TemplateErrorKind.Budget,
        $"the template takes more than {limit}. Expected no more than a chat needs; check where the model folder comes from.");

    private sealed class Counters(TemplateBudget budget)
    {
        private long _steps;
        private long _size;

        public int Depth { get; set; }

        public void Step(long count)
        {
            _steps += count;
            if (_steps > budget.MaxSteps || count < 0)
            {
                throw Exceeded($"{budget.MaxSteps} steps");
            }
        }

        public void Allocate(long count)
        {
            _size += count;
            if (_size > budget.MaxSize || count < 0)
            {
                throw Exceeded($"{budget.MaxSize} characters, or the room of as many in items");
            }

            Step(count >> 6);
        }

        public void Enter()
        {
            if (++Depth > budget.MaxCallDepth)
            {
                Depth--;
                throw Exceeded($"{budget.MaxCallDepth} calls inside each other");
            }
        }
    }

    private sealed class Ending(Counters? outer) : IDisposable
    {
        public void Dispose() => Active = outer;
    }
}
