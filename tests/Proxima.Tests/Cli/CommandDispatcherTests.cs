using Proxima.Cli;
using Proxima.Cli.Doctor;
using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.Distributed;
using Proxima.Training.Rewards;

namespace Proxima.Tests.Cli;

public sealed class CommandDispatcherTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private static readonly Dictionary<string, IRewardFunction> NoFunctions = [];

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
        Assert.Equal(ExitCode.Done, Run([word]));
        Assert.Contains("ppo CONFIG.json", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("doctor", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Version_is_one_line()
    {
        Assert.Equal(ExitCode.Done, Run(["--version"]));
        Assert.Matches(@"^proxima [0-9]+\.[0-9]+\.[0-9]+( \([0-9a-f]{7}\))?\n$", _output.ToString());
    }

    [Fact]
    public void No_word_prints_the_help_as_an_error()
    {
        Assert.Equal(ExitCode.Usage, Run([]));
        Assert.Contains("Usage: proxima COMMAND", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public void An_unknown_command_is_answered_with_the_nearest()
    {
        Assert.Equal(ExitCode.Usage, Run(["doktor"]));
        Assert.StartsWith("error: 'doktor' is no command. The nearest is doctor", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_of_ppo_shows_every_argument_under_its_group()
    {
        Assert.Equal(ExitCode.Done, Run(["ppo", "--help"]));

        ArgumentSchema schema = ArgumentSchema.Of<PpoCommandSettings>();
        string[] lines = _output.ToString().Split('\n');
        Assert.All(schema.Groups, group => Assert.Contains(group.Title, lines));
        Assert.All(schema.Arguments, argument => Assert.Contains(lines, line => line.StartsWith($"  --{argument.Name} ", StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, Console.Width));
    }

    [Fact]
    public void Help_of_generate_shows_its_arguments_and_none_of_training()
    {
        Assert.Equal(ExitCode.Done, Run(["generate", "--help"]));

        Assert.Contains("--prompts_file", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("--learning_rate", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ppo_without_words_prints_its_usage()
    {
        Assert.Equal(ExitCode.Usage, Run(["ppo"]));
        Assert.StartsWith("Usage: proxima ppo CONFIG.json", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_is_one_error_without_a_stack_trace()
    {
        Assert.Equal(ExitCode.Usage, Run(["ppo", "nowhere.json"]));
        Assert.StartsWith("error: nowhere.json: cannot be read", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_takes_no_arguments()
    {
        Assert.Equal(ExitCode.Usage, Run(["doctor", "now"]));
    }

    [Fact]
    public void Doctor_names_the_cure_of_a_failed_check_and_fails()
    {
        Check[] checks = [new("runtime", true, "fine"), new("libtorch", false, "not found", "set LIBTORCH_DIR")];

        Assert.Equal(ExitCode.Usage, MachineReport.Write(checks, new SingleRank(), Console));
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
        Assert.Equal(ExitCode.Done, MachineReport.Write([new("runtime", true, "fine")], new SingleRank(), Console));
        Assert.EndsWith("All 1 checks passed.\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Checks_of_this_machine_tell_runtime_system_processor_and_icu()
    {
        IReadOnlyList<Check> checks = MachineChecks.All();

        Assert.Equal(["runtime", "system", "processor", "ICU"], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.NotEmpty(check.Detail));
        Assert.True(checks.Single(check => check.Name == "ICU").Passed);
    }

    [Theory]
    [InlineData("Mine")]
    [InlineData("my-own")]
    [InlineData("mine:2")]
    [InlineData("")]
    [InlineData("length")]
    public void A_reward_function_of_ones_own_needs_a_name_that_a_mix_can_hold_and_that_is_free(string name)
    {
        Assert.Throws<ArgumentException>(() => ProximaProgram.Run(["--version"], new Dictionary<string, IRewardFunction> { [name] = new LengthReward(1) }));
    }

    private ExitCode Run(IReadOnlyList<string> words) => CommandDispatcher.Run(words, Console, NoFunctions);
}
