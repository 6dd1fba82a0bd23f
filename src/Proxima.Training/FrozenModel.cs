using Proxima.Models;
using Proxima.Models.Native;

namespace Proxima.Training;

/// <summary>
/// A model that does not learn: in memory from beginning to end, or, with offload, only while it works and read anew each time.
/// </summary>
/// <typeparam name="T">kind of model</typeparam>
public sealed class FrozenModel<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Func<T> _load;
    private readonly bool _isOwner = true;
    private T? _resident;

    /// <summary>A model that its owner keeps in memory.</summary>
    /// <param name="model">stays with its owner</param>
    public FrozenModel(T model)
        : this(() => model, ModelResidence.Stays) => _isOwner = false;

    /// <param name="load">reads the model; this object owns what it gives</param>
    /// <param name="residence">whether the model leaves memory after each use</param>
    public FrozenModel(Func<T> load, ModelResidence residence)
    {
        ArgumentNullException.ThrowIfNull(load);
        _load = load;
        _resident = residence == ModelResidence.Stays ? load() : null;
    }

    /// <summary>Lets the model work.</summary>
    /// <param name="work">must not keep the model</param>
    public void Use(Action<T> work) => Use<object?>(model =>
    {
        work(model);
        return null;
    });

    /// <summary>Lets the model work.</summary>
    /// <param name="work">must not keep the model</param>
    /// <returns>what the work gives</returns>
    public TResult Use<TResult>(Func<T, TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_resident is not null)
        {
            return work(_resident);
        }

        try
        {
            using T model = _load();
            return work(model);
        }
        finally
        {
            NativeHeap.GiveBack();
        }
    }

    public void Dispose()
    {
        if (_isOwner)
        {
            _resident?.Dispose();
        }

        _resident = null;
    }
}
