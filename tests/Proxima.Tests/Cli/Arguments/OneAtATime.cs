namespace Proxima.Tests.Cli.Arguments;

/// <summary>Whole runs in this process: they set the number of torch's threads, so nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "whole runs in this process";
}
