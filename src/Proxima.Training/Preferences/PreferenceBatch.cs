using static TorchSharp.torch;

namespace Proxima.Training.Preferences;

/// <summary>The responses of some lines padded on the right for one forward, and their pairs.</summary>
public sealed class PreferenceBatch : IDisposable
{
    /// <param name="lines">at least one</param>
    /// <param name="device">of the model</param>
    public PreferenceBatch(IReadOnlyList<RankedResponses> lines, Device device)
    {
        int[][] rows = [.. lines.SelectMany(line => line.Responses).Select(response => response.Ids)];
        (Ids, Positions) = Padding.Right(rows, device);
        long T = Ids.shape[1];
        LastStates = tensor(rows.Select((row, b) => (b * T) + row.Length - 1).ToArray(), device: device);
        List<long> better = [], worse = [];
        List<float> differences = [];
        long first = 0;
        foreach (RankedResponses line in lines)
        {
            better.AddRange(line.Pairs.Select(pair => first + pair.Better));
            worse.AddRange(line.Pairs.Select(pair => first + pair.Worse));
            differences.AddRange(line.Pairs.Select(pair => (float)pair.Difference));
            first += line.Responses.Count;
        }

        Better = tensor(better.ToArray(), device: device);
        Worse = tensor(worse.ToArray(), device: device);
        Differences = tensor(differences.ToArray(), device: device);
    }

    /// <summary>[B, T] int64, one row a response.</summary>
    public Tensor Ids { get; }

    /// <summary>[B, T] int64.</summary>
    public Tensor Positions { get; }

    /// <summary>[B] row, in [B·T], of the state after each response's last token.</summary>
    public Tensor LastStates { get; }

    /// <summary>[N] row of each pair's better response.</summary>
    public Tensor Better { get; }

    /// <summary>[N] row of each pair's worse response.</summary>
    public Tensor Worse { get; }

    /// <summary>[N] float32, by how much each pair's numbers in sort differ.</summary>
    public Tensor Differences { get; }

    public void Dispose()
    {
        foreach (var tensor in new[] { Ids, Positions, LastStates, Better, Worse, Differences })
        {
            tensor.Dispose();
        }
    }
}
