namespace Proxima.Text.Templates.Filters;

/// <summary>Which items a selection keeps.</summary>
internal enum Keep
{
    Passing,
    Failing,
}
