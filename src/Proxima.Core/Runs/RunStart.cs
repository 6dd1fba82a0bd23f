namespace Proxima.Core.Runs;

/// <summary>One start of a run: what ran where, on which files.</summary>
public sealed record RunStart
{
    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Last step taken before; 0 for the first start.</summary>
    public required int AfterStep { get; init; }

    /// <summary>Version of the product.</summary>
    public required string Version { get; init; }

    /// <summary>The commit it was built from; null when it was built outside a repository.</summary>
    public required string? Commit { get; init; }

    /// <summary>.NET.</summary>
    public required string Runtime { get; init; }

    /// <summary>Operating system.</summary>
    public required string System { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string Libtorch { get; init; }

    /// <summary>The path that matrix products in 32 bit take.</summary>
    public required string Fp32Products { get; init; }

    /// <summary>Where the first rank computed, and why; null in records of earlier versions.</summary>
    public string? Device { get; init; }

    /// <summary>Number types.</summary>
    public required string Precision { get; init; }

    public required string Processor { get; init; }

    /// <summary>Threads of a rank.</summary>
    public required int Threads { get; init; }

    /// <summary>Processes that train together.</summary>
    public required int Ranks { get; init; }

    /// <summary>Role (actor, critic, reward) → model folder.</summary>
    public required IReadOnlyDictionary<string, RecordedFolder> Models { get; init; }

    /// <summary>Path of a task file, data file or word list → SHA-256.</summary>
    public required IReadOnlyDictionary<string, string> Data { get; init; }
}
