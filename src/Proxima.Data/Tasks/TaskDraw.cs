namespace Proxima.Data.Tasks;

/// <summary>One example that was drawn.</summary>
/// <param name="Source">index of the source</param>
/// <param name="Line">index of the example in its source, from 0</param>
public readonly record struct TaskDraw(int Source, int Line);
