using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>
/// The forward pass of one step. All threads of a lane run it together: each takes its share of the rows in norms, of the
/// panels in products and of the heads in attention, and they meet after each.
/// </summary>
internal sealed unsafe class FusedForward : IDisposable
{
    /// <summary>Rows from which on a meeting of the threads costs less than that each prepares all rows.</summary>
    private const int RowsWorthSharing = 64;

    private readonly FusedModel _model;
    private readonly ModelConfig _config;
    private readonly SpinBarrier _barrier;
    private readonly int _threads;
    private readonly FusedAttention[] _attentions;
    private readonly RowBuffer[] _operands;
    private readonly RowBuffer _stream;
    private readonly RowBuffer _normed;
    private readonly RowBuffer _projected;
    private readonly RowBuffer _mixed;
    private readonly RowBuffer _inner;
    private readonly RowBuffer _result;
    private readonly RowBuffer _logits;

    /// <param name="model">weights</param>
    /// <param name="barrier">where the threads meet</param>
    /// <param name="threads">threads of the lane</param>
    /// <param name="batch">rows, and logits, of a step at most</param>
    /// <param name="longest">tokens of the longest sequence</param>
    public FusedForward(FusedModel model, SpinBarrier barrier, int threads, (int Rows, int Logits) batch, int longest)
    {
        _model = model;
        _config = model.Config;
        _barrier = barrier;
        _threads = threads;
        RotationTable? rotation = _config.Traits.Positions == PositionKind.Learned ? null : new(_config, longest);
        Shape = new PageShape(_config, model.Kernels.ForAttention);
        _attentions = [.. Enumerable.Range(0, threads).Select(_ => new FusedAttention(_config, model.Kernels.ForAttention, Shape, rotation, longest))];
        int queries = _config.HeadCount * _config.HeadSize;
        int keys = _config.KeyValueHeadCount * _config.HeadSize;
        int widest = Math.Max(Math.Max(_config.HiddenSize, _config.IntermediateSize), queries);
        _operands = [.. Enumerable.Range(0, threads).Select(_ => new RowBuffer(batch.Rows, model.Kernels.ForWeights.PreparedFloats(widest)))];
        _stream = new RowBuffer(batch.Rows, _config.HiddenSize);
        _normed = new RowBuffer(batch.Rows, _config.HiddenSize);
        _projected = new RowBuffer(batch.Rows, queries + (2 * keys));
        _mixed = new RowBuffer(batch.Rows, queries);
        _inner = new RowBuffer(batch.Rows, _config.IntermediateSize);
        _result = new RowBuffer(batch.Rows, _config.HiddenSize);
        _logits = new RowBuffer(batch.Logits, _config.VocabularySize);
    }

    /// <summary>Of the pages that <see cref="Run"/> reads and writes.</summary>
    public PageShape Shape { get; }

    /// <summary>[V] logits of the last step.</summary>
    public ReadOnlySpan<float> Logits(int index) => new(_logits.Rows[index], _config.VocabularySize);

    /// <summary>Runs one step; every thread of the lane calls it.</summary>
    public void Run(int thread, StepBatch batch)
    {
        Embed(thread, batch);
        for (int layer = 0; layer < _model.Layers.Count; layer++)
        {
            Attend(thread, layer, batch);
            FeedForward(thread, _model.Layers[layer], batch.Rows);
        }

        _barrier.Wait();
        (int first, int end) = Share(batch.LogitCount, thread);
        for (int i = first; i < end; i++)
        {
            _model.FinalNorm.Apply(Hidden(_stream, batch.LogitRows[i]), Hidden(_normed, i));
        }

        _barrier.Wait();
        Project(thread, _model.Head, _normed.Rows, batch.LogitCount, new StoreSink(_logits.Rows));
        _barrier.Wait();
        CapLogits(thread, batch.LogitCount);
    }

    public void Dispose()
    {
        foreach (IDisposable owned in new IDisposable[] { _stream, _normed, _projected, _mixed, _inner, _result, _logits }.Concat(_attentions).Concat(_operands))
        {
            owned.Dispose();
        }
    }

    private void Embed(int thread, StepBatch batch)
    {
        int C = _config.HiddenSize;
        (int first, int end) = Share(batch.Rows, thread);
        for (int row = first; row < end; row++)
        {
            Span<float> x = Hidden(_stream, row);
            new ReadOnlySpan<float>(_model.Embedding.First + ((long)batch.Tokens[row] * C), C).CopyTo(x);
            if (_config.Traits.EmbeddingScale is double scale)
            {
                TensorPrimitives.Multiply(x, (float)scale, x);
            }

            if (_model.Positions is { } positions)
            {
                TensorPrimitives.Add(x, new ReadOnlySpan<float>(positions.First + ((long)batch.Positions[row] * C), C), x);
            }
        }
    }

    private void Attend(int thread, int index, StepBatch batch)
    {
        PackedLayer layer = _model.Layers[index];
        NormStream(thread, layer.AttentionNorm, batch.Rows);
        Project(thread, layer.QueryKeyValue, _normed.Rows, batch.Rows, new StoreSink(_projected.Rows));
        _barrier.Wait();
        int heads = _config.KeyValueHeadCount;
        (int first, int end) = Share(batch.Runs.Count * heads, thread);
        for (int unit = first; unit < end;)
        {
            HeadRange range = new(index, unit % heads, Math.Min(heads - (unit % heads), end - unit));
            _attentions[thread].Attend(layer, range, batch.Runs[unit / heads], _projected.Rows, _mixed.Rows);
            unit += range.Count;
        }

        _barrier.Wait();
        AddProduct(thread, layer.Output, _mixed.Rows, batch.Rows, layer.AttentionResultNorm);
    }

    private void FeedForward(int thread, PackedLayer layer, int rows)
    {
        Activation activation = _config.Traits.Activation;
        NormStream(thread, layer.FeedForwardNorm, rows);
        if (_config.Traits.FeedForward == FeedForwardKind.Gated)
        {
            Project(thread, layer.Inner, _normed.Rows, rows, new GateSink(_inner.Rows, activation));
        }
        else
        {
            Project(thread, layer.Inner, _normed.Rows, rows, new ActivateSink(_inner.Rows, activation));
        }

        _barrier.Wait();
        AddProduct(thread, layer.Down, _inner.Rows, rows, layer.FeedForwardResultNorm);
    }

    /// <summary>Norms the residual stream. The threads meet before and after.</summary>
    private void NormStream(int thread, PackedNorm norm, int rows)
    {
        _barrier.Wait();
        (int first, int end) = Share(rows, thread);
        for (int row = first; row < end; row++)
        {
            norm.Apply(Hidden(_stream, row), Hidden(_normed, row));
        }

        _barrier.Wait();
    }

    /// <summary>Adds a product to the residual stream, normed first where the family does so.</summary>
    private void AddProduct(int thread, PackedMatrix matrix, RowBlock rows, int count, PackedNorm? resultNorm)
    {
        if (resultNorm is null)
        {
            Project(thread, matrix, rows, count, new AddSink(_stream.Rows));
            return;
        }

        Project(thread, matrix, rows, count, new StoreSink(_result.Rows));
        _barrier.Wait();
        (int first, int end) = Share(count, thread);
        for (int row = first; row < end; row++)
        {
            Span<float> result = Hidden(_result, row);
            resultNorm.Apply(result, result);
            TensorPrimitives.Add(Hidden(_stream, row), result, Hidden(_stream, row));
        }
    }

    private void Project<TSink>(int thread, PackedMatrix matrix, RowBlock rows, int count, TSink sink)
        where TSink : struct, IResultSink
    {
        float* memory = stackalloc float[PanelKernel.LargestTile * PanelKernel.PanelRows];
        RowBlock results = new(memory, PanelKernel.PanelRows);
        PanelKernel kernel = _model.Kernels.ForWeights;
        RowBlock operand = Prepare(thread, rows, count, matrix.Columns);
        int tileRows = kernel.TileFor(count);
        (int first, int end) = Share(matrix.Panels, thread);
        for (int panel = first; panel < end; panel++)
        {
            Vector512<float> lowBias = Vector512.Load(matrix.Bias(panel));
            Vector512<float> highBias = Vector512.Load(matrix.Bias(panel) + 16);
            for (int row = 0; row < count; row += tileRows)
            {
                int tile = Math.Min(tileRows, count - row);
                kernel.Multiply(matrix.Panel(panel), matrix.Columns, operand.From(row), tile, results);
                for (int m = 0; m < tile; m++)
                {
                    sink.Take(row + m, panel, Vector512.Load(results[m]) + lowBias, Vector512.Load(results[m] + 16) + highBias);
                }
            }
        }
    }

    /// <summary>The rows in the kernel's form: each thread makes a copy of few, and its share of one copy of many.</summary>
    private RowBlock Prepare(int thread, RowBlock rows, int count, int columns)
    {
        PanelKernel kernel = _model.Kernels.ForWeights;
        if (count < RowsWorthSharing || kernel.PreparedFloats(columns) == 0)
        {
            return kernel.Prepare(rows, count, columns, _operands[thread].Rows);
        }

        RowBlock shared = _operands[0].Rows; // nobody reads it still: the threads have met since the last product
        (int first, int end) = Share(count, thread);
        kernel.Prepare(rows.From(first), end - first, columns, shared.From(first));
        _barrier.Wait();
        return shared;
    }

    private void CapLogits(int thread, int count)
    {
        if (_config.Traits.LogitSoftCap is not double cap)
        {
            return;
        }

        (int first, int end) = Share(count, thread);
        for (int i = first; i < end; i++)
        {
            Span<float> logits = new(_logits.Rows[i], _config.VocabularySize);
            TensorPrimitives.Divide(logits, (float)cap, logits);
            TensorPrimitives.Tanh<float>(logits, logits);
            TensorPrimitives.Multiply(logits, (float)cap, logits);
        }

        _barrier.Wait();
    }

    private Span<float> Hidden(RowBuffer buffer, int row) => new(buffer.Rows[row], _config.HiddenSize);

    private (int First, int End) Share(int count, int thread) =>
        ((int)((long)count * thread / _threads), (int)((long)count * (thread + 1) / _threads));
}
