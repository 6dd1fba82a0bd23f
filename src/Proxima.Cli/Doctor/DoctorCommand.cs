using Proxima.Cli.Runs;
using Proxima.Core;

namespace Proxima.Cli.Doctor;

/// <summary><c>proxima doctor</c>: what this machine has for training, and the cure for each thing that is missing.</summary>
internal static class DoctorCommand
{
    public static CommandDefinition Definition { get; } = new("doctor", "[--model DIR]", "checks runtime, libraries and processor, or looks at a model folder", Run);

    /// <summary>Prints the checks as a table and tells whether all passed.</summary>
    public static ExitCode Report(IReadOnlyList<Check> checks, CommandConsole console)
    {
        int nameWidth = checks.Max(check => check.Name.Length);
        foreach (Check check in checks)
        {
            string verdict = check.Passed ? "ok  " : console.Style.Title("FAIL");
            console.Output.WriteLine($"  {verdict}  {check.Name.PadRight(nameWidth)}  {check.Detail}");
            if (check is { Passed: false, Cure.Length: > 0 })
            {
                console.Output.WriteLine($"        {"".PadRight(nameWidth)}  cure: {check.Cure}");
            }
        }

        int failed = checks.Count(check => !check.Passed);
        console.Output.WriteLine(failed == 0 ? $"All {checks.Count} checks passed." : $"{failed} of {checks.Count} checks failed.");
        return failed == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    private static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        if (words.Count == 0)
        {
            return Report(Composition.Checks(), console);
        }

        return words switch
        {
            ["--model", var folder] => Composition.ReportModel(InputFiles.ModelFolder("--model", folder, followsLinks: false), console),
            ["--model", var folder, "--follow_model_links", "true" or "1"] => Composition.ReportModel(InputFiles.ModelFolder("--model", folder, followsLinks: true), console),
            _ => throw new ProximaException(
                ExitCode.Usage,
                $"doctor does not know '{string.Join(' ', words)}'. Run: proxima doctor, or proxima doctor --model DIR [--follow_model_links true]"),
        };
    }
}
