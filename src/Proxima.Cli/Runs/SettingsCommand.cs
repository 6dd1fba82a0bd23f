using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Distributed;

namespace Proxima.Cli.Runs;

/// <summary>A command that takes <c>CONFIG.json [--key value …]</c>: help, errors and warnings of its settings.</summary>
/// <typeparam name="TRoot">its root settings record</typeparam>
/// <param name="name">the word that calls it</param>
/// <param name="summary">one line for <c>proxima --help</c></param>
/// <param name="introduction">what it does, for its own help</param>
/// <param name="load">words → settings without a mistake</param>
/// <param name="run">does it</param>
internal sealed class SettingsCommand<TRoot>(
    string name,
    string summary,
    string introduction,
    Func<IReadOnlyList<string>, LoadedSettings<TRoot>> load,
    Func<LoadedSettings<TRoot>, CommandConsole, ExitCode> run)
    where TRoot : class
{
    private const string Usage = "CONFIG.json [--key value ...]";
    private const string Format = "CONFIG.json is a flat JSON object of the arguments below, with // comments; --key value (or --key=value) behind it "
        + "wins over the file, and a later one over an earlier. Booleans are true, false, 1 or 0; 'none' (null in the file) switches off what can be "
        + "none; lists have commas between.";

    /// <summary>The command.</summary>
    public CommandDefinition Definition => new(name, Usage, summary, [new CommandForm("", ArgumentSchema.Of<TRoot>)], Run);

    private ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print(name, Usage, $"{introduction} {Format}", ArgumentSchema.Of<TRoot>(), words, console);
            return ExitCode.Done;
        }

        if (words.Count == 0)
        {
            console.Error.WriteLine($"Usage: proxima {name} {Usage}\nproxima {name} --help lists all arguments.");
            return ExitCode.Usage;
        }

        LoadedSettings<TRoot> loaded = load(words);
        foreach (string warning in Launch.OfProcess().Rank == 0 ? loaded.Warnings : [])
        {
            console.Error.WriteLine($"warning: {warning}");
        }

        return run(loaded, console);
    }
}
