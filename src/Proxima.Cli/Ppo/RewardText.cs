using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Text;
using Proxima.Text.Templates;
using Proxima.Training;
using Proxima.Training.Rewards;

namespace Proxima.Cli.Ppo;

/// <summary>
/// How a reward model reads when it does not read the actor's ids: it has another tokenizer, or a chat template of its own. Responses are
/// then decoded, put into its template and encoded anew.
/// </summary>
internal sealed class RewardText
{
    private readonly ModelText _actor;
    private readonly DialogueEncoder _finished;
    private readonly DialogueEncoder _unfinished;
    private readonly string _folder;
    private readonly ModelConfig _config;

    private RewardText(string folder, ModelText actor, Tokenizer tokenizer, ChatTemplate? template, ModelConfig config)
    {
        _folder = folder;
        _actor = actor;
        _config = config;
        HasOwnTokenizer = !actor.NumbersTokensLike(tokenizer);
        _finished = DialogueEncoder.Create(tokenizer, template, actor.Ending);
        _unfinished = DialogueEncoder.Create(tokenizer, template, ReplyEnding.None);
        string what = HasOwnTokenizer ? "has another tokenizer than the actor" : "has another chat template than the actor";
        Notes = [$"the reward model {what}: responses are decoded, put into its own format and encoded anew before it scores them", .. tokenizer.Notes, .. _finished.Notes];
    }

    /// <summary>Whether its ids mean other tokens than the actor's.</summary>
    public bool HasOwnTokenizer { get; }

    /// <summary>Lines to print once.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Looks at a reward model's folder. One without tokenizer or template is taken to read as the actor does.</summary>
    /// <param name="folder">the reward model's folder</param>
    /// <param name="actor">how the actor reads and writes</param>
    /// <returns>null when the model reads the actor's ids</returns>
    /// <exception cref="ProximaException">its tokenizer or template cannot be used</exception>
    public static RewardText? Load(string folder, ModelText actor)
    {
        if (!ModelText.HasTokenizer(folder))
        {
            return null;
        }

        Tokenizer tokenizer = Tokenizer.Load(folder);
        ChatTemplate? template = ChatTemplate.Load(folder);
        return actor.NumbersTokensLike(tokenizer) && (template is null || template.Source == actor.Template?.Source)
            ? null
            : new RewardText(folder, actor, tokenizer, template, ModelConfig.Load(folder));
    }

    /// <summary>A source that scores what the model reads.</summary>
    public IRewardSource Around(RewardModelSource model) => new ReencodedRewardSource(model, Encode);

    /// <summary>The dialogue with the response behind it, as the reward model reads it. An unfinished response gets no end.</summary>
    private int[] Encode(Sequence sequence)
    {
        DialogueEncoder encoder = sequence.Finished ? _finished : _unfinished;
        string response = _actor.Tokenizer.Decode(sequence.Response);
        int[] ids = encoder.EncodeReplies(sequence.Dialogue, [response], _config.MaxPositions)[0].Ids;
        ModelText.RequireKnown(sequence.Dialogue, ids, _folder, _config);
        return ids;
    }
}
