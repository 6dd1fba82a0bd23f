using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>Attention of one thread. The query heads of one key head, for a few tokens in a row, are the rows of one product.</summary>
internal sealed unsafe class FusedAttention : IDisposable
{
    /// <summary>Rows of queries at once, of several heads.</summary>
    private const int UsualRows = 64;

    /// <summary>Rows of queries at once, of one key head and several tokens.</summary>
    private const int RowsOfAHead = 32;

    private readonly ModelConfig _config;
    private readonly PanelKernel _kernel;
    private readonly PageShape _shape;
    private readonly RotationTable? _rotation;
    private readonly int _group;
    private readonly int _tokensAtOnce;
    private readonly int _rows;
    private readonly float _scale;
    private readonly float _softCap;
    private readonly RowBuffer _queries;
    private readonly RowBuffer _scores;
    private readonly RowBuffer _mixed;

    /// <param name="config">of the model</param>
    /// <param name="kernel">that multiplies</param>
    /// <param name="shape">of the pages</param>
    /// <param name="rotation">null where places enter otherwise</param>
    /// <param name="longest">tokens of the longest sequence</param>
    public FusedAttention(ModelConfig config, PanelKernel kernel, PageShape shape, RotationTable? rotation, int longest)
    {
        _config = config;
        _kernel = kernel;
        _shape = shape;
        _rotation = rotation;
        _group = config.HeadCount / config.KeyValueHeadCount;
        _tokensAtOnce = Math.Max(1, RowsOfAHead / _group);
        _scale = (float)(config.Traits.AttentionScale ?? 1 / Math.Sqrt(config.HeadSize));
        _softCap = (float)(config.Traits.AttentionSoftCap ?? 0);
        _rows = Math.Max(UsualRows, _tokensAtOnce * _group);
        _queries = new RowBuffer(_rows, config.HeadSize);
        _scores = new RowBuffer(_rows, longest);
        _mixed = new RowBuffer(_tokensAtOnce * _group, config.HeadSize);
    }

    /// <summary>Puts the keys and values of a run into its pages, then attends for each of its tokens, for a few key heads.</summary>
    /// <param name="layer">weights of the layer</param>
    /// <param name="heads">which key heads</param>
    /// <param name="run">tokens of one sequence</param>
    /// <param name="projected">[M, (H + 2 Hkv) · D] of the step</param>
    /// <param name="mixed">[M, H · D] of the step</param>
    public void Attend(PackedLayer layer, HeadRange heads, StepRun run, RowBlock projected, RowBlock mixed)
    {
        for (int i = 0; i < run.Count; i++)
        {
            for (int head = heads.First; head < heads.First + heads.Count; head++)
            {
                Append(layer, (heads.Layer, head), run.Pages, run.FirstPosition + i, projected[run.FirstRow + i]);
            }
        }

        for (int done = 0; done < run.Count; done += _tokensAtOnce)
        {
            StepRun piece = run with
            {
                FirstRow = run.FirstRow + done,
                FirstPosition = run.FirstPosition + done,
                Count = Math.Min(_tokensAtOnce, run.Count - done),
            };
            int headsAtOnce = _rows / (piece.Count * _group);
            for (int first = 0; first < heads.Count; first += headsAtOnce)
            {
                HeadRange some = heads with { First = heads.First + first, Count = Math.Min(headsAtOnce, heads.Count - first) };
                AttendPiece(layer, some, piece, projected, mixed);
            }
        }
    }

    public void Dispose()
    {
        _queries.Dispose();
        _scores.Dispose();
        _mixed.Dispose();
    }

    private void Append(PackedLayer layer, (int Layer, int Head) place, PageTable pages, int position, float* row)
    {
        int D = _config.HeadSize;
        byte* page = pages[position / PageShape.Tokens].First;
        int column = position % PageShape.Tokens;

        Span<float> key = new(row + ((_config.HeadCount + place.Head) * D), D);
        layer.KeyNorm?.Apply(key, key);
        _rotation?.Turn(key, position);
        _kernel.WriteRow(page + _shape.Keys(place.Layer, place.Head), column, key);

        Span<float> value = new(row + ((_config.HeadCount + _config.KeyValueHeadCount + place.Head) * D), D);
        for (int panel = 0; panel < _shape.ValuePanels; panel++)
        {
            Span<float> part = value[(panel * PanelKernel.PanelRows)..Math.Min(D, (panel + 1) * PanelKernel.PanelRows)];
            _kernel.WriteColumn(page + _shape.Values(place.Layer, place.Head, panel), column, part);
        }
    }

    private void AttendPiece(PackedLayer layer, HeadRange heads, StepRun piece, RowBlock projected, RowBlock mixed)
    {
        PrepareQueries(layer, heads, piece, projected);
        int last = piece.FirstPosition + piece.Count - 1;
        int firstPage = FirstSeen(layer, piece.FirstPosition) / PageShape.Tokens;
        int pages = (last / PageShape.Tokens) - firstPage + 1;
        int rows = piece.Count * _group;
        for (int page = 0; page < pages; page++)
        {
            byte* memory = piece.Pages[firstPage + page].First;
            for (int h = 0; h < heads.Count; h++)
            {
                byte* keys = memory + _shape.Keys(heads.Layer, heads.First + h);
                RowBlock scores = new(_scores.Rows[h * rows] + (page * PageShape.Tokens), _scores.Rows.Stride);
                _kernel.Multiply(keys, _config.HeadSize, _queries.Rows.From(h * rows), rows, scores);
            }
        }

        for (int row = 0; row < heads.Count * rows; row++)
        {
            int position = piece.FirstPosition + (row % rows / _group);
            int from = FirstSeen(layer, position) - (firstPage * PageShape.Tokens);
            int to = position - (firstPage * PageShape.Tokens);
            Normalize(_scores.Rows[row], pages * PageShape.Tokens, from, to);
        }

        Mix(heads, piece, (firstPage, pages), mixed);
    }

    private static int FirstSeen(PackedLayer layer, int position) => layer.Window is int window ? Math.Max(0, position - window + 1) : 0;

    /// <summary>Norms, turns and scales the queries: row (head · tokens + token) · G + g.</summary>
    private void PrepareQueries(PackedLayer layer, HeadRange heads, StepRun piece, RowBlock projected)
    {
        int D = _config.HeadSize;
        for (int row = 0; row < heads.Count * piece.Count * _group; row++)
        {
            int token = row / _group % piece.Count;
            int head = ((heads.First + (row / (_group * piece.Count))) * _group) + (row % _group);
            Span<float> query = new(_queries.Rows[row], D);
            new ReadOnlySpan<float>(projected[piece.FirstRow + token] + (head * D), D).CopyTo(query);
            layer.QueryNorm?.Apply(query, query);
            _rotation?.Turn(query, piece.FirstPosition + token);
            TensorPrimitives.Multiply(query, _scale, query);
        }
    }

    /// <summary>Softmax over the places from … to; 0 at all others.</summary>
    private void Normalize(float* scores, int width, int from, int to)
    {
        if (_softCap > 0)
        {
            Span<float> all = new(scores, width);
            TensorPrimitives.Divide(all, _softCap, all);
            TensorPrimitives.Tanh<float>(all, all);
            TensorPrimitives.Multiply(all, _softCap, all);
        }

        new Span<float>(scores, from).Fill(float.NegativeInfinity);
        new Span<float>(scores + to + 1, width - to - 1).Fill(float.NegativeInfinity);
        Vector512<float> highest = Vector512.Load(scores);
        for (int j = 16; j < width; j += 16)
        {
            highest = Vector512.Max(highest, Vector512.Load(scores + j));
        }

        Vector512<float> offset = Vector512.Create(Highest(highest));
        Vector512<float> sum = Vector512<float>.Zero;
        for (int j = 0; j < width; j += 16)
        {
            Vector512<float> share = Vector512.Exp(Vector512.Load(scores + j) - offset);
            share.Store(scores + j);
            sum += share;
        }

        Vector512<float> factor = Vector512.Create(1 / Vector512.Sum(sum));
        for (int j = 0; j < width; j += 16)
        {
            (Vector512.Load(scores + j) * factor).Store(scores + j);
        }
    }

    private static float Highest(Vector512<float> vector)
    {
        Vector256<float> eight = Vector256.Max(vector.GetLower(), vector.GetUpper());
        Vector128<float> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
    }

    /// <summary>Sums values by their shares, page by page.</summary>
    private void Mix(HeadRange heads, StepRun piece, (int First, int Count) pages, RowBlock mixed)
    {
        int rows = piece.Count * _group;
        int last = piece.FirstPosition + piece.Count - 1;
        for (int page = 0; page < pages.Count; page++)
        {
            byte* memory = piece.Pages[pages.First + page].First;
            int tokens = Math.Min(PageShape.Tokens, last + 1 - ((pages.First + page) * PageShape.Tokens));
            for (int h = 0; h < heads.Count; h++)
            {
                RowBlock shares = new(_scores.Rows[h * rows] + (page * PageShape.Tokens), _scores.Rows.Stride);
                for (int panel = 0; panel < _shape.ValuePanels; panel++)
                {
                    byte* values = memory + _shape.Values(heads.Layer, heads.First + h, panel);
                    _kernel.Multiply(values, tokens, shares, rows, _mixed.Rows);
                    AddMixed(heads.First + h, panel * PanelKernel.PanelRows, piece, mixed, isFirst: page == 0);
                }
            }
        }
    }

    private void AddMixed(int keyHead, int firstColumn, StepRun piece, RowBlock mixed, bool isFirst)
    {
        int D = _config.HeadSize;
        int columns = Math.Min(PanelKernel.PanelRows, D - firstColumn);
        for (int row = 0; row < piece.Count * _group; row++)
        {
            int head = (keyHead * _group) + (row % _group);
            Span<float> target = new(mixed[piece.FirstRow + (row / _group)] + (head * D) + firstColumn, columns);
            ReadOnlySpan<float> sums = new(_mixed.Rows[row], columns);
            if (isFirst)
            {
                sums.CopyTo(target);
            }
            else
            {
                TensorPrimitives.Add(target, sums, target);
            }
        }
    }
}
