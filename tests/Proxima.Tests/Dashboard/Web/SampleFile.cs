using System.Globalization;
using System.Text;
using Proxima.Core.Runs;

namespace Proxima.Tests.Dashboard.Web;

/// <summary>Writes samples.jsonl.gz as a run does: a batch a step.</summary>
internal static class SampleFile
{
    public static void Append(string path, int step, params (string Prompt, string Response, double Score)[] samples)
    {
        IEnumerable<string> lines = samples.Select((sample, i) => string.Create(CultureInfo.InvariantCulture, $$"""
            {"step":{{step}},"kind":"{{(step == 0 ? "reference" : "rollout")}}","index":{{i}},"prompt":"{{sample.Prompt}}","response":"{{sample.Response}}","score":{{sample.Score}},"finished":true,"prompt_ids":[1],"response_ids":[2,3],"response_pieces":["a","b"],{{(step == 0 ? "" : "\"log_probs\":[-1,-1],")}}"ref_log_probs":[-1.5,-1.25]}
            """));
        GzipLines.Append(path, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
    }
}
