using System.Text.Json;
using Proxima.Core.Binding;

namespace Proxima.Core.Runs;

/// <summary>run_config.json: the settings of a run as a flat JSON object that can be given back as a config.</summary>
public static class RunConfig
{
    private static readonly string[] OfStart = ["overwrite_output_dir", "resume_from_checkpoint"];

    /// <summary>Writes every argument but those left out and those that say how a run was started, in the order of <c>--help</c>.</summary>
    /// <param name="path">the file; it appears whole or not at all</param>
    /// <param name="settings">a root settings record</param>
    /// <param name="leftOut">names of the arguments that have no effect in this run</param>
    public static void Write<TRoot>(string path, TRoot settings, IEnumerable<string> leftOut)
        where TRoot : class
    {
        HashSet<string> passedOver = [.. leftOut, .. OfStart];
        AtomicFile.Write(path, file =>
        {
            using Utf8JsonWriter writer = new(file, FlatJson.Indented);
            writer.WriteStartObject();
            foreach (ArgumentDefinition argument in ArgumentSchema.Of<TRoot>().Arguments.Where(argument => !passedOver.Contains(argument.Name)))
            {
                writer.WritePropertyName(argument.Name);
                ValueJson.Write(writer, argument.ValueIn(settings));
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>Every argument with its value, as lines to print.</summary>
    public static IEnumerable<string> Lines<TRoot>(TRoot settings)
        where TRoot : class =>
        ArgumentSchema.Of<TRoot>().Arguments.Select(argument => $"{argument.Name} = {ArgumentDefinition.TextOf(argument.ValueIn(settings))}");
}
