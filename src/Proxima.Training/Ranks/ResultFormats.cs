using System.Runtime.InteropServices;
using Proxima.Generation;

namespace Proxima.Training.Ranks;

/// <summary>The formats of what ranks exchange in a step.</summary>
internal static class ResultFormats
{
    /// <summary>Scores.</summary>
    public static ResultFormat<double> Numbers { get; } = new((writer, number) => writer.Write(number), reader => reader.ReadDouble());

    /// <summary>Two sums each.</summary>
    public static ResultFormat<(double First, double Second)> Pairs { get; } = new(
        (writer, pair) =>
        {
            writer.Write(pair.First);
            writer.Write(pair.Second);
        },
        reader => (reader.ReadDouble(), reader.ReadDouble()));

    /// <summary>The responses to one prompt.</summary>
    public static ResultFormat<SampledResponse[]> Responses { get; } = new(
        (writer, responses) =>
        {
            writer.Write(responses.Length);
            foreach (SampledResponse response in responses)
            {
                writer.Write(response.Stopped);
                writer.Write(response.Tokens.Length);
                writer.Write(MemoryMarshal.AsBytes(response.Tokens.AsSpan()));
                writer.Write(MemoryMarshal.AsBytes(response.LogProbs.AsSpan()));
                writer.Write(MemoryMarshal.AsBytes(response.Entropies.AsSpan()));
            }
        },
        reader =>
        {
            SampledResponse[] responses = new SampledResponse[reader.ReadInt32()];
            for (int i = 0; i < responses.Length; i++)
            {
                bool stopped = reader.ReadBoolean();
                int count = reader.ReadInt32();
                responses[i] = new SampledResponse(Array<int>(reader, count), Array<float>(reader, count), Array<float>(reader, count), stopped);
            }

            return responses;
        });

    private static T[] Array<T>(BinaryReader reader, int count)
        where T : unmanaged
    {
        T[] numbers = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }
}
