namespace Proxima.Generation.Fused;

/// <summary>
/// Some threads that write some responses at a time: each step takes one token of each and pieces of new prompts. A response
/// that has finished leaves at once, and the next prompt takes its place.
/// </summary>
internal sealed class GenerationLane : IDisposable
{
    /// <summary>Responses at a time: more cost as much a token, fewer leave weights read for little.</summary>
    private const int UsualWidth = 32;

    /// <summary>Rows of a step at most, for long prompts: whole tiles of every kernel.</summary>
    public const int StepRows = 192;

    private readonly PromptQueue _queue;
    private readonly SamplingOptions _options;
    private readonly int _threads;
    private readonly int _width;
    private readonly SpinBarrier _barrier;
    private readonly FusedForward _forward;
    private readonly PagePool _pool;
    private readonly StepBatch _batch;
    private readonly TokenSampler[] _samplers;
    private readonly List<LanePrompt> _prompts = [];
    private readonly List<LaneDraw> _draws = [];
    private readonly List<(SamplingRow Row, PageTable Pages)> _writing = [];
    private bool _queueIsEmpty;

    /// <param name="model">weights</param>
    /// <param name="queue">prompts</param>
    /// <param name="options">how to sample</param>
    /// <param name="threads">threads of this lane</param>
    /// <param name="lanes">lanes that share the queue</param>
    public GenerationLane(FusedModel model, PromptQueue queue, SamplingOptions options, int threads, int lanes)
    {
        _queue = queue;
        _options = options;
        _threads = threads;
        _width = WidthOf(queue.Samples, queue.Responses, lanes);
        _barrier = new SpinBarrier(threads);
        int rows = Math.Max(_width, StepRows);
        _forward = new FusedForward(model, _barrier, threads, (rows, _width), queue.LongestPrompt + options.MaxNewTokens);
        _pool = new PagePool(_forward.Shape);
        _batch = new StepBatch(rows, _width);
        _samplers = [.. Enumerable.Range(0, threads).Select(_ => new TokenSampler(options, model.Config.VocabularySize))];
    }

    /// <summary>Responses that a lane writes at a time.</summary>
    /// <param name="samples">responses for each prompt</param>
    /// <param name="responses">of all lanes</param>
    /// <param name="lanes">lanes that share them</param>
    public static int WidthOf(int samples, int responses, int lanes) => Math.Max(samples, Math.Min(UsualWidth, (responses + lanes - 1) / lanes));

    /// <summary>Answers prompts until none is left; every thread of the lane calls it.</summary>
    public void Run(int thread)
    {
        try
        {
            while (true)
            {
                if (thread == 0)
                {
                    _options.Stop.ThrowIfCancellationRequested();
                    TakeDrawn();
                    Plan();
                }

                _barrier.Wait();
                if (_batch.Rows == 0)
                {
                    return;
                }

                _forward.Run(thread, _batch);
                for (int i = thread; i < _draws.Count; i += _threads)
                {
                    _draws[i].Row.Draw(_forward.Logits(_draws[i].Logits), _samplers[thread]);
                }

                _barrier.Wait();
            }
        }
        catch
        {
            _barrier.Break();
            throw;
        }
    }

    public void Dispose()
    {
        _forward.Dispose();
        _pool.Dispose();
    }

    /// <summary>Lets finished responses go and new ones begin.</summary>
    private void TakeDrawn()
    {
        _writing.Clear();
        foreach (LaneDraw draw in _draws)
        {
            bool goesOn = !draw.Row.Stopped && draw.Row.NewTokens < _options.MaxNewTokens;
            if (goesOn)
            {
                _writing.Add((draw.Row, draw.IsFirst ? draw.Pages.Fork(draw.Row.Length - 1) : draw.Pages));
            }
            else if (!draw.IsFirst)
            {
                draw.Pages.Release();
            }
        }

        _draws.Clear();
        foreach (LanePrompt prompt in _prompts)
        {
            if (prompt.IsRead)
            {
                prompt.Pages.Release();
            }
        }

        _prompts.RemoveAll(static prompt => prompt.IsRead);
    }

    /// <summary>Fills the next step.</summary>
    private void Plan()
    {
        _batch.Clear();
        foreach ((SamplingRow row, PageTable pages) in _writing)
        {
            _batch.Add(pages, [row.LastToken], row.Length - 1);
            _draws.Add(new(row, pages, _batch.WantLogits(), IsFirst: false));
        }

        Admit();
        foreach (LanePrompt prompt in _prompts)
        {
            prompt.AddTo(_batch);
            if (prompt.IsRead)
            {
                int logits = _batch.WantLogits();
                _draws.AddRange(prompt.Rows.Select(row => new LaneDraw(row, prompt.Pages, logits, IsFirst: true)));
            }
        }
    }

    private void Admit()
    {
        while (!_queueIsEmpty && _writing.Count + ((_prompts.Count + 1) * _queue.Samples) <= _width)
        {
            if (_queue.Take() is (int[] tokens, SamplingRow[] rows))
            {
                _prompts.Add(new LanePrompt(tokens, rows, new PageTable(_pool)));
            }
            else
            {
                _queueIsEmpty = true;
            }
        }
    }
}
