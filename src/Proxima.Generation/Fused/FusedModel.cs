using Proxima.Generation.Fused.Kernels;
using Proxima.Models;
using Proxima.Models.Native;

namespace Proxima.Generation.Fused;

/// <summary>The weights of a model as the fused engine reads them, and the threads that do. Several engines may share one; one generates at a time.</summary>
internal sealed unsafe class FusedModel : IDisposable
{
    /// <summary>Weights up to this size stay in the caches: then each thread takes rows of its own and need not wait for others.</summary>
    private const long BytesPerThreadCache = 12 << 20;

    private readonly CausalLanguageModel _model;
    private readonly LayerPacker _packer;
    private readonly NativeBuffer _weights;
    private readonly ModelResidence _residence;
    private HostTensor? _embedding;
    private HostTensor? _positions;

    /// <param name="model">the model; it stays with its owner and must outlive this</param>
    /// <param name="threads">threads that generate, at least 1</param>
    /// <param name="kernels">of <see cref="KernelChoice.Make"/></param>
    /// <param name="residence">whether the packed weights leave memory after each rollout</param>
    public FusedModel(CausalLanguageModel model, int threads, KernelChoice kernels, ModelResidence residence = ModelResidence.Stays)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _packer = new LayerPacker(model, kernels.ForWeights);
        Kernels = kernels;
        _residence = residence;
        Team = new ThreadTeam(threads);
        Layers = [.. Enumerable.Range(0, model.Config.LayerCount).Select(_packer.Layer)];
        FinalNorm = _packer.FinalNorm();
        Head = _packer.Head(model.HeadWeight);
        long bytes = Matrices.Sum(matrix => matrix.Bytes);
        _weights = new NativeBuffer(bytes);
        Place();
        ThreadsPerLane = ThreadsPerLaneOf(bytes, threads);
    }

    /// <summary>Kernel and threads, for the log.</summary>
    public string Description => $"the fused engine, {Team.Size} threads, kernel {Kernels.Description}";

    public ModelConfig Config => _model.Config;

    public KernelChoice Kernels { get; }

    public ThreadTeam Team { get; }

    /// <summary>Threads that work on the same rows, each on its share of every matrix.</summary>
    public int ThreadsPerLane { get; init; }

    public IReadOnlyList<PackedLayer> Layers { get; }

    public PackedNorm FinalNorm { get; }

    public PackedMatrix Head { get; }

    /// <summary>[V, C], after <see cref="Refresh"/>.</summary>
    public HostTensor Embedding => _embedding ?? throw new InvalidOperationException("Refresh comes first");

    /// <summary>[positions, C]; null where places are not learned.</summary>
    public HostTensor? Positions => _positions;

    private IEnumerable<PackedMatrix> Matrices => [.. Layers.SelectMany(layer => layer.Matrices), Head];

    /// <summary>Threads that work on the same rows.</summary>
    /// <param name="bytes">of all packed weights</param>
    /// <param name="threads">threads that generate</param>
    public static int ThreadsPerLaneOf(long bytes, int threads) => bytes <= BytesPerThreadCache ? 1 : threads;

    public void Dispose()
    {
        Team.Dispose();
        _embedding?.Dispose();
        _positions?.Dispose();
        _weights.Dispose();
        Head.Dispose();
        foreach (PackedLayer layer in Layers)
        {
            layer.Dispose();
        }
    }

    /// <summary>The rollout is over: what <see cref="Refresh"/> makes anew need not stay.</summary>
    public void EndRollout()
    {
        if (_residence == ModelResidence.Leaves)
        {
            NativeHeap.ZeroByGivingBack(_weights.First, Matrices.Sum(matrix => matrix.Bytes));
            _embedding?.Dispose();
            _embedding = null;
            NativeHeap.GiveBack();
        }
    }

    private void Place()
    {
        byte* next = _weights.First;
        foreach (PackedMatrix matrix in Matrices)
        {
            matrix.Place(next);
            next += matrix.Bytes;
        }
    }

    /// <summary>Takes over the numbers that the model has now.</summary>
    public void Refresh()
    {
        PackedMatrix[] matrices = [.. Matrices];
        HostTensor[][] weights = [.. matrices.Select(matrix => matrix.Read())];
        Team.Run(thread =>
        {
            for (int i = 0; i < matrices.Length; i++)
            {
                for (int panel = thread; panel < matrices[i].Panels; panel += Team.Size)
                {
                    matrices[i].Pack(panel, weights[i]);
                }
            }
        });
        foreach (HostTensor weight in weights.SelectMany(list => list))
        {
            weight.Dispose();
        }

        foreach (PackedMatrix matrix in matrices)
        {
            matrix.RefreshBias();
        }

        foreach (PackedNorm norm in Layers.SelectMany(layer => layer.Norms).Append(FinalNorm))
        {
            norm.Refresh();
        }

        _embedding?.Dispose();
        _positions?.Dispose();
        _embedding = new HostTensor(_packer.Embedding);
        _positions = _packer.Positions is { } positions ? new HostTensor(positions) : null;
    }
}
