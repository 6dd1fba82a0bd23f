using Proxima.Core;
using Proxima.Core.Answers;
using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Cli.Answers;

/// <summary><c>proxima generate [CONFIG.json] --model_name_or_path DIR [--key value …] [PROMPT …]</c>.</summary>
internal static class GenerateCommand
{
    private const string Name = "generate";
    private const string Usage = "[CONFIG.json] --model_name_or_path DIR [--key value ...] [PROMPT ...]";

    private const string Introduction = "Answers prompts: the words behind the arguments, or those of prompts_file; without any, it is a chat that reads lines. "
        + "Arguments may stand in a flat JSON file too; those of the command line win. temperature 0 takes the likeliest token always.";

    public static CommandDefinition Definition { get; } = new(Name, "[PROMPT ...] --model_name_or_path DIR", "answers prompts, or chats", [new CommandForm("", ArgumentSchema.Of<GenerateCommandSettings>)], Run);

    private static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print(Name, Usage, Introduction, ArgumentSchema.Of<GenerateCommandSettings>(), words, console);
            return ExitCode.Done;
        }

        LoadedGenerateSettings loaded = GenerateSettingsLoader.Load(words);
        foreach (string warning in loaded.Warnings)
        {
            console.Error.WriteLine($"warning: {warning}");
        }

        return Composition.RunGenerate(loaded, console);
    }
}
