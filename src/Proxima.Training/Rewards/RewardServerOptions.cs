namespace Proxima.Training.Rewards;

/// <summary>How a reward server is called.</summary>
public sealed record RewardServerOptions
{
    /// <summary>reward_server: http or https.</summary>
    public required Uri Address { get; init; }

    /// <summary>reward_server_batch_size: responses of one request.</summary>
    public required int BatchSize { get; init; }

    /// <summary>reward_server_timeout_s: from the first byte of a request to the last of its answer.</summary>
    public required TimeSpan TimeOut { get; init; }

    /// <summary>reward_server_retries: tries after the first.</summary>
    public required int Retries { get; init; }

    /// <summary>Sent as a bearer token; null: none.</summary>
    public string? Token { get; init; }

    /// <summary>Wait before the first retry; it doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest wait before a retry.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of an answer at most.</summary>
    public long LargestAnswer { get; init; } = 16 << 20;
}
