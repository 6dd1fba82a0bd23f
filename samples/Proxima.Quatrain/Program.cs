using Proxima.Cli;
using Proxima.Quatrain;
using Proxima.Training.Rewards;

// The command line of Proxima with the rewards "quatrain" and "all_rules", and two commands of its own; scripts/quatrain.sh calls them in turn.
//
//   quatrain prepare POEMS FOLDER      writes tokenizer, config.json and data of a character model
//   quatrain report EVAL_OUT ...       counts the poems of evaluations that have the form and meet all rules
const string Tones = "data/quatrain/tones.tsv";
var rules = new Lazy<TonalRules>(() => TonalRules.Load(Tones));
switch (args)
{
    case ["prepare", var poems, var folder]:
        Preparation.Write(poems, folder);
        return 0;
    case ["report", .. var files]:
        foreach (string line in files.Select(file => PoemReport.Line(file, rules.Value)))
        {
            Console.WriteLine(line);
        }

        return 0;
    default:
        return ProximaProgram.Run(args, new Dictionary<string, IRewardFunction>
        {
            ["quatrain"] = new QuatrainReward(rules),
            ["all_rules"] = new AllRulesReward(rules),
        });
}
