using Proxima.Core;
using Proxima.Core.Import;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Import;

public sealed class ForeignConfigReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_script_gives_its_options_and_switches_and_neither_comments_nor_other_commands()
    {
        (string, string, int)[] found = Read(
            "run.sh",
            """
            set -x
            # --seed 7 is not meant
            python3 -m trainer.cli \
               --pretrain "my models/base" \
               --adam_betas 0.9 0.95 \
               --bf16 \
               --save-path=./out # the end
            echo --done || cp a b
            ls files
            """);

        Assert.Equal([("pretrain", "my models/base", 4), ("adam_betas", "0.9 0.95", 5), ("bf16", "true", 6), ("save_path", "./out", 7), ("done", "|| cp a b", 8)], found);
    }

    [Fact]
    public void Flat_yaml_gives_scalars_lists_and_nothing()
    {
        (string, string, int)[] found = Read(
            "config.yaml",
            """
            # a run
            model: "a b" # in quotes
            kl_coef: 0.05  # comment
            whiten_rewards: False
            stop_token:
            betas: [0.9, 0.95]
            report_to:
            - tensorboard
            - wandb
            missing: null
            """);

        Assert.Equal(
            [("model", "a b", 2), ("kl_coef", "0.05", 3), ("whiten_rewards", "false", 4), ("stop_token", "none", 5), ("betas", "0.9  0.95", 6), ("report_to", "tensorboard wandb", 7), ("missing", "none", 10)],
            found);
    }

    [Fact]
    public void Json_gives_its_values_as_text()
    {
        IReadOnlyList<ForeignArgument> found = ForeignConfigReader.Read(_folder.Write("c.json", """{"bf16": 1, "a": "x", /* why */ "list": [1, 2], "off": null, "flag": true, "lr": 2e-6}"""));

        Assert.Equal([("bf16", "1"), ("a", "x"), ("list", "1 2"), ("off", "none"), ("flag", "true"), ("lr", "2e-6")], found.Select(argument => (argument.Name, argument.Text)));
    }

    [Fact]
    public void The_last_of_a_doubled_name_wins()
    {
        Assert.Equal([("b", "2", 1), ("a", "3", 1)], Read("run.sh", "x --a 1 --b 2 --a 3"));
    }

    [Theory]
    [InlineData("nothing here")]
    [InlineData("{\"a\": ")]
    [InlineData("{}")]
    public void A_file_without_arguments_is_refused(string text)
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => ForeignConfigReader.Read(_folder.Write("file", text)));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains("xpected", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => ForeignConfigReader.Read(_folder.At("no.json")));

        Assert.Contains("no.json: cannot be read", exception.Message, StringComparison.Ordinal);
    }

    private (string Name, string Text, int Line)[] Read(string name, string text) =>
    [
        .. ForeignConfigReader.Read(_folder.Write(name, text))
            .Select(argument => (argument.Name, argument.Text, int.Parse(argument.Origin.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture))),
    ];
}
