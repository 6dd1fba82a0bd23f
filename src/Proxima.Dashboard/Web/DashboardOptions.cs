using System.Net;
using Proxima.Core;

namespace Proxima.Dashboard.Web;

/// <summary>Where the page is served, and to whom.</summary>
public sealed record DashboardOptions
{
    /// <summary>Address to listen at. Any but a loopback address needs a <see cref="Token"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port; 0: any that is free.</summary>
    public int Port { get; init; }

    /// <summary>What a visitor has to know; none: everybody on this machine may look.</summary>
    public string? Token { get; init; }

    /// <summary>Time between two looks at the files.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <exception cref="ProximaException">other machines could look without a token, or the token is too short to keep anybody out</exception>
    public void Validate()
    {
        if (!IPAddress.IsLoopback(Address) && Token is null)
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"host = {Address}: other machines could read prompts and answers. Give a token (--token_env NAME, the variable that holds it), or listen on 127.0.0.1 and tunnel.");
        }

        if (Token is { Length: < 16 })
        {
            throw new ProximaException(ExitCode.Usage, $"the dashboard's token has {Token.Length} characters, expected 16 or more. Make one: openssl rand -hex 16");
        }
    }
}
