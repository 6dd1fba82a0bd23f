using System.Text;

namespace Proxima.Dashboard.Web;

/// <summary>What the list of samples shows of one answer.</summary>
/// <param name="Number">its place in the file, from 0</param>
/// <param name="Step">the step it was rolled out in; 0 for the reference's answers</param>
/// <param name="Kind"><c>rollout</c> or <c>reference</c></param>
/// <param name="Prompt">text of the prompt</param>
/// <param name="Response">beginning of the response</param>
/// <param name="Score">score of the reward source, where it is finite</param>
/// <param name="Length">tokens of the response</param>
/// <param name="Kl">sum of log-prob − reference log-prob over the response; none for the reference's answers</param>
/// <param name="IsFinished">whether the response ended by itself</param>
public sealed record SampleRow(
    int Number, int Step, string Kind, string Prompt, string Response, float? Score, int Length, float? Kl, bool IsFinished)
{
    private readonly byte[] _response = Encoding.UTF8.GetBytes(Response); // half the memory of a string

    /// <summary>Beginning of the response.</summary>
    public string Response => Encoding.UTF8.GetString(_response);
}
