using System.Text;
using Proxima.Core;
using Proxima.Distributed;

namespace Proxima.Cli.Doctor;

/// <summary>What <c>proxima doctor</c> prints: the checks of the leading rank, and what failed on other hosts.</summary>
internal static class MachineReport
{
    /// <summary>Prints the checks as a table and tells whether all passed. All ranks call it.</summary>
    /// <param name="checks">of this rank</param>
    /// <param name="ranks">the ranks</param>
    /// <param name="console">that of the leading one is written to</param>
    /// <returns>the same on all ranks</returns>
    public static ExitCode Write(IReadOnlyList<Check> checks, ICommunicator ranks, CommandConsole console)
    {
        string[] own = [.. checks.Where(check => !check.Passed).Select(check => $"{Environment.MachineName}: {check.Name}  {check.Detail}\n{check.Cure}")];
        string[] elsewhere =
        [
            .. ranks.Exchange("failed checks", Encoding.UTF8.GetBytes(string.Join('\0', own)))
                .SelectMany(failed => Encoding.UTF8.GetString(failed).Split('\0', StringSplitOptions.RemoveEmptyEntries))
                .Where(failed => !failed.StartsWith($"{Environment.MachineName}:", StringComparison.Ordinal)).Distinct(),
        ];
        int failures = own.Length + elsewhere.Length;
        if (ranks.Rank == 0)
        {
            int nameWidth = checks.Max(check => check.Name.Length);
            foreach (Check check in checks)
            {
                Line(check.Passed, $"{check.Name.PadRight(nameWidth)}  {check.Detail}", check.Cure);
            }

            foreach (string[] failed in elsewhere.Select(failed => failed.Split('\n', 2)))
            {
                Line(passed: false, failed[0], failed[1]);
            }

            int all = checks.Count + elsewhere.Length;
            console.Output.WriteLine(failures == 0 ? $"All {all} checks passed." : $"{failures} of {all} checks failed.");

            void Line(bool passed, string text, string cure)
            {
                console.Output.WriteLine($"  {(passed ? "ok  " : console.Style.Title("FAIL"))}  {text}");
                if (!passed)
                {
                    console.Output.WriteLine($"        {"".PadRight(nameWidth)}  cure: {cure}");
                }
            }
        }

        return failures == 0 ? ExitCode.Done : ExitCode.Usage;
    }
}
