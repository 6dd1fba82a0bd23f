namespace Proxima.Generation.Fused.Kernels;

/// <summary>A kernel for weights of one format.</summary>
internal abstract unsafe class FormatKernel<TPanel> : PanelKernel
    where TPanel : struct, IPanelFormat
{
    public override int WeightBytes => TPanel.WeightBytes;

    public override void WriteRow(byte* panel, int row, ReadOnlySpan<float> numbers)
    {
        for (int column = 0; column < numbers.Length; column++)
        {
            TPanel.Write(panel, column, row, numbers[column]);
        }
    }

    public override void WriteColumn(byte* panel, int column, ReadOnlySpan<float> numbers)
    {
        for (int row = 0; row < numbers.Length; row++)
        {
            TPanel.Write(panel, column, row, numbers[row]);
        }
    }

    public override void Pack(float** rows, nint* steps, int columns, byte* panel)
    {
        float* pair = stackalloc float[2 * PanelRows];
        for (int k = 0; k < columns; k += 2, panel += 2 * PanelRows * TPanel.WeightBytes)
        {
            bool isWhole = k + 1 < columns;
            for (int j = 0; j < PanelRows; j++)
            {
                float* weight = rows[j] + (k * steps[j]);
                pair[j] = weight[0];
                pair[PanelRows + j] = isWhole ? weight[steps[j]] : 0;
            }

            TPanel.Write(pair, panel);
        }
    }
}
