using System.Net;
using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.Dashboard.Web;

namespace Proxima.Cli.Watching;

/// <summary><c>proxima dashboard DIR [--key value …]</c>: the page of a run, or of all runs below a folder.</summary>
internal static class DashboardCommand
{
    private const string Name = "dashboard";
    private const string Usage = "DIR [--key value ...]";

    private const string Introduction = "Serves a page with the curves, samples and settings of the runs below DIR, an output_dir or a folder of such. "
        + "The page follows runs that are still going on. Nothing is written. Ctrl-C ends it.";

    public static CommandDefinition Definition { get; } = new(Name, Usage, "serves a page that shows runs", [new CommandForm("", ArgumentSchema.Of<DashboardCommandSettings>)], Run);

    private static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print(Name, Usage, Introduction, ArgumentSchema.Of<DashboardCommandSettings>(), words, console);
            return ExitCode.Done;
        }

        const string Command = $"proxima {Name}";
        (BoundSettings<DashboardCommandSettings> bound, IReadOnlyList<string> folders) = new SettingsBinder<DashboardCommandSettings>(Command).BindWithTexts(words);
        if (bound.Errors.Count > 0)
        {
            throw SettingsError.ToException(Command, bound.Errors);
        }

        if (folders.Count != 1)
        {
            throw new ProximaException(ExitCode.Usage, $"{Command} takes one folder, {folders.Count} were given. Run: {Command} output_dir");
        }

        ServeAsync(folders[0], OptionsOf(bound.Settings.Dashboard), console).GetAwaiter().GetResult();
        return ExitCode.Done;
    }

    private static DashboardOptions OptionsOf(DashboardSettings settings)
    {
        string host = settings.Host == "localhost" ? "127.0.0.1" : settings.Host;
        if (!IPAddress.TryParse(host, out IPAddress? address))
        {
            throw new ProximaException(ExitCode.Usage, $"host = {settings.Host}: expected an address such as 127.0.0.1 or 0.0.0.0. Write an address of this machine.");
        }

        string? token = settings.TokenEnv is null ? null : Environment.GetEnvironmentVariable(settings.TokenEnv);
        if (settings.TokenEnv is not null && string.IsNullOrEmpty(token))
        {
            throw new ProximaException(ExitCode.Usage, $"token_env = {settings.TokenEnv}: there is no such environment variable. Set it: export {settings.TokenEnv}=$(openssl rand -hex 16)");
        }

        return new DashboardOptions { Address = address, Port = settings.Port, Token = token };
    }

    private static async Task ServeAsync(string folder, DashboardOptions options, CommandConsole console)
    {
        using var stop = new StopSignals(_ => { });
        await using DashboardServer server = await DashboardServer.StartAsync(folder, options);
        console.Output.WriteLine($"{server.Address}{(options.Token is null ? "" : "?token=...")}  shows {Path.GetFullPath(folder)}; Ctrl-C ends it");
        await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
