namespace Proxima.Generation.Fused.Kernels;

/// <summary>A kernel for weights of one format.</summary>
internal abstract unsafe class FormatKernel<TPanel> : PanelKernel
    where TPanel : struct, IPanelFormat
{
    public override int WeightBytes => TPanel.WeightBytes;

    public override void Pack(float** rows, nint* steps, int columns, byte* panel)
    {
        for (int k = 0; k < columns; k++)
        {
            for (int j = 0; j < PanelRows; j++)
            {
                TPanel.Write(panel, k, j, rows[j][k * steps[j]]);
            }
        }
    }
}
