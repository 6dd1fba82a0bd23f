using System.Text.Json;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>One recorded call of a peer's function: settings, inputs and outputs.</summary>
internal sealed class PeerCase(JsonElement root)
{
    /// <summary>Relative tolerance of losses and advantages (README of the goldens); absolute below 1, as they were recorded in float32.</summary>
    public const double Tolerance = 2e-6;

    public JsonElement Settings => root.GetProperty("settings");

    public JsonElement Inputs => root.GetProperty("inputs");

    public JsonElement Outputs => root.GetProperty("outputs");

    /// <summary>[B, R] bool, the input "mask".</summary>
    public Tensor Mask => In("mask") > 0;

    public Tensor In(string name) => ToTensor(Inputs.GetProperty(name));

    /// <summary>An input that a gradient is wanted of.</summary>
    public Tensor Leaf(string name) => In(name).requires_grad_(true);

    public Tensor Out(string name) => ToTensor(Outputs.GetProperty(name));

    /// <summary>A number of the settings; null where it is null or missing.</summary>
    public double? Optional(string name) =>
        Settings.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    public double Number(string name) => Optional(name) ?? throw new KeyNotFoundException(name);

    /// <summary>Fails where an output and what was computed are further apart than the tolerance.</summary>
    public void Check(string output, Tensor actual) => Near(Out(output), actual, output);

    /// <summary>The same at the places that count; recorded functions leave ordinary numbers elsewhere.</summary>
    public void Check(string output, Tensor actual, Tensor mask) =>
        Near(Out(output).masked_fill(mask.logical_not(), 0), actual.masked_fill(mask.logical_not(), 0), output);

    public static void Near(Tensor expected, Tensor actual, string what, double tolerance = Tolerance)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: [{string.Join(", ", actual.shape)}] instead of [{string.Join(", ", expected.shape)}]");
        var wide = expected.to_type(ScalarType.Float64);
        var difference = (wide - actual.detach().to_type(ScalarType.Float64)).abs() / wide.abs().clamp_min(1);
        double worst = difference.max().item<double>();
        Assert.True(worst <= tolerance, $"{what}: off by {worst:g3}, {tolerance:g3} allowed");
    }

    public static Tensor ToTensor(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return tensor(value.GetSingle());
        }

        return value[0].ValueKind == JsonValueKind.Array
            ? stack([.. value.EnumerateArray().Select(ToTensor)])
            : tensor(value.EnumerateArray().Select(v => v.GetSingle()).ToArray());
    }
}
