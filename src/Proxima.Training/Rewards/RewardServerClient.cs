using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Proxima.Core;

namespace Proxima.Training.Rewards;

/// <summary>
/// Posts to a reward server. What may pass (no connection, a time-out, 429, 5xx) is tried again after a wait that doubles, shortened by
/// a random share so that many runs do not come back at once; all else fails at the first time. Blocks: scopes belong to the thread.
/// </summary>
internal sealed class RewardServerClient : IDisposable
{
    private readonly RewardServerOptions _options;
    private readonly CancellationToken _stop;
    private readonly HttpClient _http;

    public RewardServerClient(RewardServerOptions options, CancellationToken stop)
    {
        _options = options;
        _stop = stop;

        // A redirect would turn a POST into a GET; a proxy has no business between a run and its own machine.
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseProxy = !options.Address.IsLoopback };
        _http = new HttpClient(handler) { Timeout = options.TimeOut, MaxResponseContentBufferSize = options.LargestAnswer };
        if (options.Token is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Posts JSON and returns the body of an answer with status 200.</summary>
    /// <exception cref="ProximaException">no answer after all retries, or one that no retry can better</exception>
    /// <exception cref="OperationCanceledException">a stop was asked for</exception>
    public byte[] Post(byte[] json)
    {
        for (int attempt = 0; ; attempt++)
        {
            (byte[]? answer, string problem) = Try(json);
            if (answer is not null)
            {
                return answer;
            }

            if (attempt == _options.Retries)
            {
                throw Failed($"{problem} after {Tries(attempt + 1)}", "Start the server again and resume the run from its last checkpoint.");
            }

            _stop.WaitHandle.WaitOne(Delay(attempt));
            _stop.ThrowIfCancellationRequested();
        }
    }

    public void Dispose() => _http.Dispose();

    private (byte[]? Answer, string Problem) Try(byte[] json)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, _options.Address) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using HttpResponseMessage response = _http.Send(request, _stop);
            return Read(response);
        }
        catch (HttpRequestException exception) when (MayPass(exception.HttpRequestError))
        {
            return (null, $"no answer ({exception.Message})");
        }
        catch (HttpRequestException exception)
        {
            throw Failed(exception.Message, "Correct the address or the server.", exception);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"no answer within reward_server_timeout_s = {_options.TimeOut.TotalSeconds}"));
        }
    }

    private (byte[]? Answer, string Problem) Read(HttpResponseMessage response)
    {
        using Stream body = response.Content.ReadAsStream(_stop); // in memory already
        byte[] bytes = new byte[body.Length];
        body.ReadExactly(bytes);
        string status = $"status {(int)response.StatusCode}";
        return response.StatusCode switch
        {
            HttpStatusCode.OK => (bytes, ""),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => (null, status),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw Failed(
                status, "Give the right token by reward_server_token_env or reward_server_token_file."),
            _ => throw Failed($"{status}, body {RewardServerMessages.Shown(bytes)}", "Expected status 200; correct the address or the server."),
        };
    }

    /// <summary>Between half of the doubling delay and all of it.</summary>
    private TimeSpan Delay(int attempt)
    {
        double doubled = _options.FirstDelay.TotalSeconds * Math.Pow(2, attempt);
        double jitter = 0.5 + (0.5 * Random.Shared.NextDouble());
        return TimeSpan.FromSeconds(Math.Min(doubled, _options.LongestDelay.TotalSeconds) * jitter);
    }

    private static bool MayPass(HttpRequestError error) => error is not (
        HttpRequestError.ConfigurationLimitExceeded
        or HttpRequestError.SecureConnectionError
        or HttpRequestError.InvalidResponse
        or HttpRequestError.VersionNegotiationError
        or HttpRequestError.UserAuthenticationError);

    private static string Tries(int count) => count == 1 ? "1 try" : string.Create(CultureInfo.InvariantCulture, $"{count} tries");

    private ProximaException Failed(string problem, string cure, Exception? cause = null) =>
        new(ExitCode.RewardSource, $"reward_server = {_options.Address}: {problem}. {cure}", cause);
}
