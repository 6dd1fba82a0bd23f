using Proxima.Cli.Answers;
using Proxima.Core;
using Proxima.Core.DataFiles;
using Proxima.Core.Settings;
using Proxima.Data.Conversion;
using Proxima.Data.Dialogues;

namespace Proxima.Cli.DataCommands;

/// <summary><c>proxima data convert</c>: other layouts in, the data protocol out.</summary>
internal static class DataConvert
{
    private const int ShownLines = 10;

    public static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        (DataConvertSettings settings, IReadOnlyList<string> files) = DataSettingsLoader.LoadConvert(words);
        string path = settings.OutputFile!;
        OutputFiles.Check("output_file", path);
        var converter = new DataConverter(settings);
        OutputFiles.Write("output_file", path, output => converter.Convert(files, output));
        foreach (SkippedLine line in converter.Skipped.Take(ShownLines))
        {
            console.Error.WriteLine($"skipped: {line.Origin}: {line.Reason}");
        }

        console.Output.WriteLine($"{path}: {converter.Written} lines of {converter.Kind.ToString().ToLowerInvariant()} data, {converter.SkippedCount} rows skipped");
        return ExitCode.Done;
    }
}
