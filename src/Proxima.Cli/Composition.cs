using Proxima.Core;
using Proxima.Core.Ppo;

namespace Proxima.Cli;

/// <summary>The only place that builds everything: settings in, running objects out.</summary>
internal static class Composition
{
    /// <summary>Builds a PPO run from its settings and runs it.</summary>
    public static ExitCode RunPpo(LoadedPpoSettings loaded)
    {
        throw new ProximaException(ExitCode.Internal, $"the run of {loaded.Settings.Run.OutputDir} is not composed");
    }

    /// <summary>Everything that <c>proxima doctor</c> looks at.</summary>
    public static IReadOnlyList<DoctorCheck> DoctorChecks() => MachineChecks.All();
}
