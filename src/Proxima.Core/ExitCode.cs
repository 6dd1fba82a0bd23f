namespace Proxima.Core;

/// <summary>Exit codes of the command line.</summary>
public enum ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    Done = 0,

    /// <summary>A mistake of the program itself.</summary>
    Internal = 1,

    /// <summary>Wrong usage or configuration; also an output folder that cannot be written, as on a full disk.</summary>
    Usage = 2,

    /// <summary>Data or a model that cannot be used.</summary>
    Data = 3,

    /// <summary>Non-finite numbers, or a failed self-check.</summary>
    Numerical = 4,

    /// <summary>The source of rewards failed.</summary>
    RewardSource = 5,

    /// <summary>A peer of a distributed run was lost.</summary>
    PeerLost = 6,

    /// <summary>Stopped by Ctrl-C after saving.</summary>
    Interrupted = 130,

    /// <summary>Stopped by SIGTERM after saving.</summary>
    Terminated = 143,
}
