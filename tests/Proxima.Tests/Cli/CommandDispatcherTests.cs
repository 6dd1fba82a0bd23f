using Proxima.Cli;
using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Tests.Cli;

public sealed class CommandDispatcherTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private CommandConsole Console => new() { Output = _output, Error = _error };

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public void Help_lists_every_command(string word)
    {
        Assert.Equal(ExitCode.Done, CommandDispatcher.Run([word], Console));
        Assert.Contains("ppo CONFIG.json", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("doctor", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Version_is_one_line()
    {
        Assert.Equal(ExitCode.Done, CommandDispatcher.Run(["--version"], Console));
        Assert.Matches(@"^proxima [0-9]+\.[0-9]+\.[0-9]+( \([0-9a-f]{7}\))?\n$", _output.ToString());
    }

    [Fact]
    public void No_word_prints_the_help_as_an_error()
    {
        Assert.Equal(ExitCode.Usage, CommandDispatcher.Run([], Console));
        Assert.Contains("Usage: proxima COMMAND", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public void An_unknown_command_is_answered_with_the_nearest()
    {
        Assert.Equal(ExitCode.Usage, CommandDispatcher.Run(["doktor"], Console));
        Assert.StartsWith("error: 'doktor' is no command. The nearest is doctor", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_of_ppo_shows_every_argument_under_its_group()
    {
        Assert.Equal(ExitCode.Done, CommandDispatcher.Run(["ppo", "--help"], Console));

        ArgumentSchema schema = ArgumentSchema.Of<PpoCommandSettings>();
        string[] lines = _output.ToString().Split('\n');
        Assert.All(schema.Groups, group => Assert.Contains(group.Title, lines));
        Assert.All(schema.Arguments, argument => Assert.Contains(lines, line => line.StartsWith($"  --{argument.Name} ", StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, Console.Width));
    }

    [Fact]
    public void Ppo_without_words_prints_its_usage()
    {
        Assert.Equal(ExitCode.Usage, CommandDispatcher.Run(["ppo"], Console));
        Assert.StartsWith("Usage: proxima ppo CONFIG.json", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_is_one_error_without_a_stack_trace()
    {
        Assert.Equal(ExitCode.Usage, CommandDispatcher.Run(["ppo", "nowhere.json"], Console));
        Assert.StartsWith("error: nowhere.json: cannot be read", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_takes_no_arguments()
    {
        Assert.Equal(ExitCode.Usage, CommandDispatcher.Run(["doctor", "now"], Console));
    }

    [Fact]
    public void Doctor_names_the_cure_of_a_failed_check_and_fails()
    {
        Check[] checks = [new("runtime", true, "fine"), new("libtorch", false, "not found", "set LIBTORCH_DIR")];

        Assert.Equal(ExitCode.Usage, DoctorCommand.Report(checks, Console));
        Assert.Equal(
            """
              ok    runtime   fine
              FAIL  libtorch  not found
                              cure: set LIBTORCH_DIR
            1 of 2 checks failed.

            """,
            _output.ToString());
    }

    [Fact]
    public void Doctor_passes_when_every_check_does()
    {
        Assert.Equal(ExitCode.Done, DoctorCommand.Report([new("runtime", true, "fine")], Console));
        Assert.EndsWith("All 1 checks passed.\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Checks_of_this_machine_tell_runtime_system_processor_memory_and_icu()
    {
        IReadOnlyList<Check> checks = MachineChecks.All();

        Assert.Equal(["runtime", "system", "processor", "memory", "ICU"], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.NotEmpty(check.Detail));
        Assert.True(checks.Single(check => check.Name == "ICU").Passed);
    }
}
