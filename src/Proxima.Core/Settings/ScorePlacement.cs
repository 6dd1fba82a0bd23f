namespace Proxima.Core.Settings;

/// <summary>Slot of a response that receives the score. In snake_case on the command line.</summary>
public enum ScorePlacement
{
    Last,
    AfterEos,
}
