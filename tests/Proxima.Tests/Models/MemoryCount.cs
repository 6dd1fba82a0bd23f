namespace Proxima.Tests.Models;

/// <summary>Tests that count the memory of the process run alone.</summary>
[CollectionDefinition(nameof(MemoryCount), DisableParallelization = true)]
public sealed class MemoryCount;
