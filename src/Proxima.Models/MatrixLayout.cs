namespace Proxima.Models;

/// <summary>How a matrix lies in the file.</summary>
public enum MatrixLayout
{
    /// <summary>[out, in], as torch's Linear.</summary>
    OutputInput,

    /// <summary>[in, out], as GPT-2's Conv1D.</summary>
    InputOutput,
}
