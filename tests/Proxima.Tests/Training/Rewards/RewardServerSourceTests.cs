using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Tests.Data.Examples;
using Proxima.TestSupport;
using Proxima.Training;
using Proxima.Training.Rewards;

namespace Proxima.Tests.Training.Rewards;

/// <summary>The client against a real server on the loopback.</summary>
public sealed class RewardServerSourceTests
{
    private static readonly Sequence[] Three = [Answers.Of("a"), Answers.Of("bb"), Answers.Of("ccc")];

    [Fact]
    public async Task Batches_go_in_order_and_their_scores_come_back_in_order()
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, body, _) =>
            TestRewardServer.Scores(context, body, response => response.Length + 0.5));
        using RewardServerSource source = Source(server, options => options with { BatchSize = 2 });

        Assert.Equal([1.5, 2.5, 3.5], source.Score(Three));
        Assert.Collection(
            server.Bodies,
            body => AssertJson("""{"src": [["Why?"], ["Why?"]], "tgt": [[], []], "response": ["a", "bb"], "label": [null, null]}""", body),
            body => AssertJson("""{"src": [["Why?"]], "tgt": [[]], "response": ["ccc"], "label": [null]}""", body));
        Assert.All(server.Authorizations, Assert.Empty);
    }

    [Fact]
    public async Task Labels_and_system_messages_go_along_where_there_are_some()
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, body, _) => TestRewardServer.Scores(context, body, _ => 0));
        using RewardServerSource source = Source(server);
        Dialogue labelled = new() { Src = ["Ü \"1\"", "2"], Tgt = ["one\n"], Label = "42", System = "Be kind." };

        source.Score([Answers.Of("a", labelled), Answers.Of("b")]);

        AssertJson(
            """
            {"src": [["Ü \"1\"", "2"], ["Why?"]], "tgt": [["one\n"], []], "response": ["a", "b"], "label": ["42", null], "system": ["Be kind.", null]}
            """,
            Assert.Single(server.Bodies));
    }

    [Fact]
    public async Task The_token_is_sent_as_a_bearer_token()
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, body, _) => TestRewardServer.Scores(context, body, _ => 0));
        using RewardServerSource source = Source(server, options => options with { Token = "s3cret" });

        source.Score(Three);

        Assert.Equal(["Bearer s3cret"], server.Authorizations);
    }

    [Theory]
    [InlineData("503")]
    [InlineData("500")]
    [InlineData("429")]
    [InlineData("abort")]
    [InlineData("abort inside the body")]
    public async Task What_may_pass_is_tried_again(string failure)
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, body, call) =>
            call <= 2 ? FailAsync(context, failure) : TestRewardServer.Scores(context, body, response => response.Length));
        using RewardServerSource source = Source(server);

        Assert.Equal([1, 2, 3], source.Score(Three));
        Assert.Equal(3, server.Calls);
    }

    [Fact]
    public async Task After_the_last_retry_the_run_ends()
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) => FailAsync(context, "503"));
        using RewardServerSource source = Source(server, options => options with { Retries = 2 });

        AssertFailure(source, server, "status 503 after 3 tries");
        Assert.Equal(3, server.Calls);
    }

    [Fact]
    public void A_server_that_is_not_there_ends_the_run()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string address = $"http://{listener.LocalEndpoint}/score";
        listener.Stop();
        using RewardServerSource source = new(Options(address) with { Retries = 1 }, ByteTokenizer.Create(), CancellationToken.None);

        ProximaException exception = Assert.Throws<ProximaException>(() => source.Score(Three));
        Assert.Equal(ExitCode.RewardSource, exception.ExitCode);
        Assert.Contains($"reward_server = {address}: no answer", exception.Message, StringComparison.Ordinal);
        Assert.Contains("after 2 tries", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("a byte now and then")]
    public async Task A_server_that_is_too_slow_is_tried_again_and_ends_the_run(string manner)
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) => DawdleAsync(context, manner));
        using RewardServerSource source = Source(server, options => options with { TimeOut = TimeSpan.FromSeconds(0.3), Retries = 1 });

        AssertFailure(source, server, "no answer within reward_server_timeout_s = 0.3 after 2 tries");
        Assert.Equal(2, server.Calls);
    }

    [Theory]
    [InlineData("", "the answer is no JSON")]
    [InlineData("<html>", "the answer is no JSON")]
    [InlineData("""{"error_code": 0, "score": [1, 2, NaN]}""", "the answer is no JSON")]
    [InlineData("[1, 2, 3]", "the answer is [1, 2, 3]. Expected an object")]
    [InlineData("""{"score": [1, 2, 3]}""", "no number error_code")]
    [InlineData("""{"error_code": "0", "score": [1, 2, 3]}""", "no number error_code")]
    [InlineData("""{"error_code": 7, "error_msg": "out of memory", "score": [1, 2, 3]}""", "error_code 7, \"out of memory\"")]
    [InlineData("""{"error_code": 0.5}""", "error_code 0.5, no error_msg")]
    [InlineData("""{"error_code": 0}""", "no list score")]
    [InlineData("""{"error_code": 0, "score": 3}""", "no list score")]
    [InlineData("""{"error_code": 0, "score": [1, 2]}""", "has 2 scores. Expected 3")]
    [InlineData("""{"error_code": 0, "score": [1, 2, 3, 4]}""", "has 4 scores. Expected 3")]
    [InlineData("""{"error_code": 0, "score": [1, "2", 3]}""", "score[1] is \"2\". Expected a finite number")]
    [InlineData("""{"error_code": 0, "score": [1, 2, null]}""", "score[2] is null")]
    [InlineData("""{"error_code": 0, "score": [1e999, 2, 3]}""", "score[0] is 1e999")]
    public async Task A_wrong_answer_ends_the_run_at_once(string answer, string reason)
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) => TestRewardServer.Body(context, answer));
        using RewardServerSource source = Source(server);

        AssertFailure(source, server, reason);
        Assert.Equal(1, server.Calls);
    }

    [Theory]
    [InlineData(400, "status 400, body \"what?\"")]
    [InlineData(404, "status 404")]
    [InlineData(401, "Give the right token")]
    [InlineData(302, "status 302")]
    [InlineData(204, "status 204")]
    public async Task A_status_that_no_retry_betters_ends_the_run_at_once(int status, string reason)
    {
        await using TestRewardServer server = await TestRewardServer.StartAsync(async (context, _, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = status == 302 ? "/elsewhere" : default;
            if (status == 400)
            {
                await context.Response.WriteAsync("what?");
            }
        });
        using RewardServerSource source = Source(server);

        AssertFailure(source, server, reason);
        Assert.Equal(1, server.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_of_100_MB_is_not_read_to_its_end(bool announced)
    {
        long written = 0;
        await using TestRewardServer server = await TestRewardServer.StartAsync(async (context, _, _) =>
        {
            context.Response.ContentLength = announced ? 100 << 20 : null;
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 100; i++)
            {
                await Task.Delay(i < 32 ? 0 : 50, context.RequestAborted); // writes to a client that has left are taken until the server notices
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
                Interlocked.Add(ref written, block.Length);
            }
        });
        using RewardServerSource source = Source(server);

        AssertFailure(source, server, "16777216");
        Assert.Equal(1, server.Calls);
        Assert.InRange(Interlocked.Read(ref written), 0, 64 << 20);
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("503")]
    public async Task A_stop_ends_the_waiting_for_an_answer_and_for_a_retry(string failure)
    {
        using CancellationTokenSource stop = new();
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) =>
        {
            stop.CancelAfter(100);
            return failure == "silent" ? DawdleAsync(context, failure) : FailAsync(context, failure);
        });
        using RewardServerSource source = new(
            Options(server.Address) with { FirstDelay = TimeSpan.FromMinutes(1), LongestDelay = TimeSpan.FromMinutes(1) }, ByteTokenizer.Create(), stop.Token);
        long started = Stopwatch.GetTimestamp();

        Assert.ThrowsAny<OperationCanceledException>(() => source.Score(Three));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 20);
    }

    private static RewardServerOptions Options(string address) => new()
    {
        Address = new Uri(address),
        BatchSize = 64,
        TimeOut = TimeSpan.FromSeconds(30),
        Retries = 5,
        FirstDelay = TimeSpan.FromMilliseconds(5),
    };

    private static RewardServerSource Source(TestRewardServer server, Func<RewardServerOptions, RewardServerOptions>? change = null) =>
        new((change ?? (options => options))(Options(server.Address)), ByteTokenizer.Create(), CancellationToken.None);

    private static void AssertFailure(RewardServerSource source, TestRewardServer server, string reason)
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => source.Score(Three));
        Assert.Equal(ExitCode.RewardSource, exception.ExitCode);
        Assert.StartsWith($"reward_server = {server.Address}: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    private static async Task FailAsync(HttpContext context, string failure)
    {
        if (int.TryParse(failure, out int status))
        {
            context.Response.StatusCode = status;
            return;
        }

        if (failure == "abort inside the body")
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"error_code\": 0");
            await context.Response.Body.FlushAsync();
        }

        context.Abort();
    }

    private static async Task DawdleAsync(HttpContext context, string manner)
    {
        try
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await Task.Delay(20, context.RequestAborted);
                if (manner != "silent")
                {
                    await context.Response.WriteAsync(" ", context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client has gone, as it should.
        }
    }

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
