using System.Runtime.InteropServices;
using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Generation;
using Proxima.Training;

namespace Proxima.Cli.Answers;

/// <summary>A dialogue with a person: a line is a turn of the user, the answer appears as it is written.</summary>
internal sealed class ChatSession(ModelText model, GenerationEngines engines, GenerateSettings settings, CommandConsole console)
{
    private const string Forget = "/reset";
    private const string Leave = "/exit";

    private readonly List<string> _src = [];
    private readonly List<string> _tgt = [];
    private int _turns;

    /// <summary>Answers until the input ends or /exit is typed.</summary>
    public void Run()
    {
        Tell($"A chat with {model.Folder}. {Forget} forgets what was said, {Leave} or Ctrl-D ends the chat, Ctrl-C ends an answer.");
        while (Ask() is { } line && line.Trim() != Leave)
        {
            if (line.Trim() == Forget)
            {
                _src.Clear();
                _tgt.Clear();
            }
            else if (!string.IsNullOrWhiteSpace(line))
            {
                Answer(line);
            }
        }
    }

    private string? Ask()
    {
        if (console.IsTerminal)
        {
            console.Output.Write("> ");
            console.Output.Flush();
        }

        return console.Input.ReadLine();
    }

    private void Answer(string line)
    {
        _src.Add(line);
        EncodedPrompt prompt = model.Encode(new Dialogue { Src = _src, Tgt = _tgt, System = settings.System });
        if (prompt.DroppedTurns > 0 || prompt.LastTurnCut)
        {
            Tell(prompt.LastTurnCut ? "(only the end of the line fits)" : $"(the first {prompt.DroppedTurns} turns no longer fit)");
        }

        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true; // the chat goes on
            stop.Cancel();
        });
        _tgt.Add(SpokenAnswer.Write(
            engines, RolloutWorker.Options(model.Sampling, model.Ends) with { Stop = stop.Token }, prompt.Ids,
            new CounterRandom(settings.Seed, RandomPurpose.Evaluation, 0, _turns++), model.Tokenizer, console.Output));
    }

    /// <summary>Says something beside the dialogue, to a person alone.</summary>
    private void Tell(string line)
    {
        if (console.IsTerminal)
        {
            console.Error.WriteLine(line);
        }
    }
}
