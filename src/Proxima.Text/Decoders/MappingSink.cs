namespace Proxima.Text.Decoders;

/// <summary>Changes each token by itself; <paramref name="map"/> gets the token and its index.</summary>
internal sealed class MappingSink(Func<string, int, string> map, ITokenSink next) : ITokenSink
{
    private int _index;

    public void Push(string token)
    {
        next.Push(map(token, _index));
        _index = Math.Min(_index + 1, int.MaxValue - 1);
    }

    public void Finish() => next.Finish();
}
