using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Cli.Doctor;

/// <summary><c>proxima doctor</c>: what this machine has for training, and the cure for each thing that is missing.</summary>
internal static class DoctorCommand
{
    private const string Name = "doctor";
    private const string Usage = "[--model DIR] [--output_dir DIR]";

    private const string Introduction = "Looks at the runtime, the native libraries, the processor, memory, limits and disk, and tells the cure for everything that is missing; started by mpirun or srun, at the network between the ranks too; with model, at a model "
        + "folder: what it holds, whether it computes what it should, how text becomes tokens. Ends with 2 when a check failed.";

    public static CommandDefinition Definition { get; } = new(
        Name, Usage, "checks runtime, libraries and processor, or looks at a model folder", [new CommandForm("", ArgumentSchema.Of<DoctorCommandSettings>)], Run);

    private static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print(Name, Usage, Introduction, ArgumentSchema.Of<DoctorCommandSettings>(), words, console);
            return ExitCode.Done;
        }

        const string Command = $"proxima {Name}";
        (BoundSettings<DoctorCommandSettings> bound, IReadOnlyList<string> strays) = new SettingsBinder<DoctorCommandSettings>(Command).BindWithoutConfig(words);
        if (bound.Errors.Count > 0)
        {
            throw SettingsError.ToException(Command, bound.Errors);
        }

        if (strays.Count > 0)
        {
            throw new ProximaException(ExitCode.Usage, $"doctor does not know '{string.Join(' ', strays)}'. Run: {Command}, or {Command} --model DIR");
        }

        DoctorSettings doctor = bound.Settings.Doctor;
        return doctor.Model is { } folder
            ? Composition.ReportModel(InputFiles.ModelFolder("--model", folder, doctor.FollowModelLinks), console)
            : Composition.ReportMachine(doctor.OutputDir ?? Environment.CurrentDirectory, console);
    }
}
