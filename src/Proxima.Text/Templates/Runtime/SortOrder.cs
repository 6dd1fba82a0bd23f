namespace Proxima.Text.Templates.Runtime;

/// <summary>Direction of a sort.</summary>
internal enum SortOrder
{
    Ascending,
    Descending,
}
