using Proxima.Cli;
using Proxima.OwnReward;
using Proxima.Training.Rewards;

// The command line of Proxima, in which reward_function and eval_reward_function also know "short_words".
return ProximaProgram.Run(args, new Dictionary<string, IRewardFunction> { ["short_words"] = new ShortWordsReward() });
