namespace Proxima.Core;

/// <summary>
/// A number that is not finite where a step needs one: logits, log-probs, values or a score. Training leaves the step out and goes on; anything
/// else ends with <see cref="ExitCode.Numerical"/>.
/// </summary>
public sealed class NonFiniteException(string message) : ProximaException(ExitCode.Numerical, message);
