namespace Proxima.Core.Settings;

/// <summary>Sets of defaults that follow another trainer (numerics section 2). In snake_case on the command line.</summary>
public enum Preset
{
    Proxima,
    Paddlenlp,
    Trl,
    Openrlhf,
    Verl,
}
