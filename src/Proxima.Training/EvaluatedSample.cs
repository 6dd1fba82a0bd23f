namespace Proxima.Training;

/// <summary>A line of eval_out-stepN-rankR.jsonl.</summary>
/// <param name="Prompt">text of the prompt</param>
/// <param name="Response">text of the response</param>
/// <param name="Reward">score of the reward source</param>
/// <param name="Gold">score of eval_reward_function, when there is one</param>
public sealed record EvaluatedSample(string Prompt, string Response, double Reward, double? Gold);
