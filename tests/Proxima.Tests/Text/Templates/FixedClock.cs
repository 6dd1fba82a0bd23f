namespace Proxima.Tests.Text.Templates;

/// <summary>The time at which the goldens were made: Sunday 2025-03-09 08:05:07.</summary>
internal sealed class FixedClock : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => new(2025, 3, 9, 8, 5, 7, TimeSpan.Zero);
}
