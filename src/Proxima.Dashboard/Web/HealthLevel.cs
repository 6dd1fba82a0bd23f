namespace Proxima.Dashboard.Web;

/// <summary>Colour of a health light.</summary>
public enum HealthLevel
{
    /// <summary>The run has not said enough yet.</summary>
    Unknown,

    /// <summary>Nothing to see.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Watch,

    /// <summary>The run is probably not learning what was meant.</summary>
    Alarm,
}
