namespace Proxima.Models;

/// <summary>
/// Told when a pass that learns comes to the weights of a layer and when it leaves them: for whoever keeps weights or gradients elsewhere in
/// between. Each gets the number of the layer.
/// </summary>
/// <param name="BeforeForward">the layer's weights are needed</param>
/// <param name="AfterForward">they are not, until the backward pass</param>
/// <param name="BeforeBackward">they are needed again</param>
/// <param name="AfterBackward">they are not, and their gradients are complete</param>
public sealed record LayerWatch(Action<int> BeforeForward, Action<int> AfterForward, Action<int> BeforeBackward, Action<int> AfterBackward);
