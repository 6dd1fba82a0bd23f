using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Cli.DataCommands;

/// <summary><c>proxima data check</c> and <c>proxima data convert</c>.</summary>
internal static class DataCommand
{
    private const string CheckUsage = "TASK.json|FILE.jsonl ... [--key value ...]";
    private const string ConvertUsage = "FILE ... --output_file OUT.jsonl [--key value ...]";

    private const string CheckIntroduction = "Reads the files of a task, or data files, as a run would: names every line that breaks the protocol, counts lines, turns and "
        + "duplicates, and shows how long prompts and replies are. Ends with 3 when a line is wrong.";

    private const string ConvertIntroduction = "Turns .jsonl, .jsonl.gz and .parquet files in the common layouts into lines of the data protocol: messages or conversations; prompt "
        + "with chosen and rejected; prompt with completion; instruction, input and output; prompt alone.";

    public static CommandDefinition Definition { get; } = new(
        "data",
        "check|convert FILE ...",
        "checks data, or converts them from other layouts",
        [new CommandForm("check", ArgumentSchema.Of<DataCheckCommandSettings>), new CommandForm("convert", ArgumentSchema.Of<DataConvertCommandSettings>)],
        Run);

    private static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        string name = words.Count > 0 ? words[0] : "";
        string[] rest = [.. words.Skip(1)];
        switch (name)
        {
            case "check" when CommandHelp.IsAskedFor(rest):
                CommandHelp.Print("data check", CheckUsage, CheckIntroduction, ArgumentSchema.Of<DataCheckCommandSettings>(), rest, console);
                return ExitCode.Done;
            case "convert" when CommandHelp.IsAskedFor(rest):
                CommandHelp.Print("data convert", ConvertUsage, ConvertIntroduction, ArgumentSchema.Of<DataConvertCommandSettings>(), rest, console);
                return ExitCode.Done;
            case "check":
                return DataCheck.Run(rest, console);
            case "convert":
                return DataConvert.Run(rest, console);
            case "--help" or "-h":
                console.Output.WriteLine($"Usage: proxima data check {CheckUsage}\n       proxima data convert {ConvertUsage}\nproxima data check --help and proxima data convert --help tell more.");
                return ExitCode.Done;
            default:
                throw new ProximaException(ExitCode.Usage, $"data does not know '{name}'. Run: proxima data check {CheckUsage}, or proxima data convert {ConvertUsage}");
        }
    }
}
