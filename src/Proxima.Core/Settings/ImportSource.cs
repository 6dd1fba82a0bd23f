namespace Proxima.Core.Settings;

/// <summary>Whose arguments <c>import-config</c> takes over. In snake_case on the command line.</summary>
public enum ImportSource
{
    Trl,
    Openrlhf,
    Paddlenlp,
}
