using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Proxima.Core;
using Proxima.Tests.Cli.Arguments;
using Proxima.Tests.Reliability.Malformed;
using Proxima.TestSupport;

namespace Proxima.Tests.Reliability;

/// <summary>What a run gives to a reward server, and to nobody else.</summary>
[Collection(OneAtATime.Name)]
public sealed class RewardServerTrustTests : IDisposable
{
    private const string Token = "a-secret-0123456789";

    private readonly InputFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_token_stands_in_no_file_and_no_line_of_a_run()
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, body, _) => TestRewardServer.Scores(context, body, text => text.Length));
        _folder.Write("token", Token);

        (ExitCode exitCode, string error) = Run(server.Address, "--verbose", "true");

        Assert.True(exitCode == ExitCode.Done, error);
        Assert.All(server.Authorizations, header => Assert.Equal($"Bearer {Token}", header));
        Assert.DoesNotContain(Token, error, StringComparison.Ordinal);
        string[] files = Directory.GetFiles(_folder.At("out"), "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Token)) < 0, file));
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_not_followed()
    {
        await using TestRewardServer other = await TestRewardServer.StartAsync((context, body, _) => TestRewardServer.Scores(context, body, text => text.Length));
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = other.Address;
            return Task.CompletedTask;
        });
        _folder.Write("token", Token);

        (ExitCode exitCode, string error) = Run(server.Address);

        Assert.Equal(ExitCode.RewardSource, exitCode);
        Assert.Contains("status 307", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, error, StringComparison.Ordinal);
        Assert.Equal(0, other.Calls);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent()
    {
        int calls = 0;
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using WebApplication application = builder.Build();
        application.Run(_ =>
        {
            Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _folder.Write("token", Token);

        (ExitCode exitCode, string error) = Run(address);

        Assert.Equal(ExitCode.RewardSource, exitCode);
        Assert.StartsWith("https://", address, StringComparison.Ordinal);
        Assert.Contains("Correct the address or the server.", error, StringComparison.Ordinal);
        Assert.Equal(0, calls);
    }

    private (ExitCode ExitCode, string Error) Run(string server, params string[] more) => _folder.RunPpo(
    [
        "--reward_function", "none", "--reward_target_length", "none", "--reward_server", server, "--reward_server_retries", "0",
        "--reward_server_token_file", _folder.At("token"), .. more,
    ]);
}
