using Proxima.Core.Binding;

namespace Proxima.Tests.Core.Ppo;

/// <summary>Settings as text, so that records with lists can be compared.</summary>
internal static class SettingsText
{
    public static string Of<TRoot>(TRoot settings, string name)
        where TRoot : class => ArgumentDefinition.TextOf(ArgumentSchema.Of<TRoot>()[name].ValueIn(settings));

    /// <summary>"name = value" of every argument.</summary>
    public static IReadOnlyList<string> All<TRoot>(TRoot settings)
        where TRoot : class => [.. ArgumentSchema.Of<TRoot>().Arguments.Select(argument => $"{argument.Name} = {Of(settings, argument.Name)}")];
}
