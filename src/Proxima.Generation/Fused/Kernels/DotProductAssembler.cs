namespace Proxima.Generation.Fused.Kernels;

/// <summary>
/// Writes machine code (x86-64, AVX512-BF16) for one function: M rows times one panel, with vdpbf16ps, which .NET does not offer.
/// Encodings: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
/// </summary>
internal sealed class DotProductAssembler
{
    // Numbers of the registers in which the System V calling convention passes arguments, and of scratch ones.
    private const int Rax = 0;
    private const int Rdx = 2; // bytes from a row to the next
    private const int Rsi = 6; // row 0, and while the loop runs its present pair
    private const int Rdi = 7; // present pair of the panel
    private const int R8 = 8; // row 0 of the results
    private const int R10 = 10; // row 3
    private const int R11 = 11; // row 6
    private const int LowWeights = 24;
    private const int HighWeights = 25;
    private const int FirstFactor = 26;
    private const int Factors = 4;
    private const int BytesOfHalf = 64;

    private readonly List<byte> _code = [];

    /// <summary>
    /// void f(panel, rows, bytes from a row to the next, pairs of columns, results, bytes from a result row to the next).
    /// </summary>
    /// <param name="rows">M, 1 to 12: their sums take 24 of the 32 registers</param>
    public static byte[] Assemble(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(rows - 1), (uint)(PanelKernel.LargestTile - 1));
        DotProductAssembler assembler = new();
        assembler.Write(rows);
        return [.. assembler._code];
    }

    private void Write(int rows)
    {
        int[] bases = [.. new[] { Rsi, R10, R11, Rax }.Take((rows + 2) / 3)]; // of rows 0, 3, 6 and 9
        Emit(0x4C, 0x8D, 0x14, 0x52); // lea r10, [rdx + 2 rdx]
        Emit(0x4E, 0x8D, 0x1C, 0x56); // lea r11, [rsi + 2 r10]
        Emit(0x4B, 0x8D, 0x04, 0x13); // lea rax, [r11 + r10]
        Emit(0x49, 0x01, 0xF2); // add r10, rsi
        for (int sum = 0; sum < 2 * rows; sum++)
        {
            Zero(sum);
        }

        int loop = _code.Count;
        Load(LowWeights, Rdi, 0);
        Load(HighWeights, Rdi, BytesOfHalf);
        for (int row = 0; row < rows; row++)
        {
            int factor = FirstFactor + (row % Factors);
            Broadcast(factor, bases[row / 3], row % 3);
            DotProduct(2 * row, LowWeights, factor);
            DotProduct((2 * row) + 1, HighWeights, factor);
        }

        Add(Rdi, 2 * BytesOfHalf);
        foreach (int register in bases)
        {
            Add(register, 4);
        }

        Emit(0x48, 0xFF, 0xC9); // dec rcx
        Emit(0x0F, 0x85); // jnz loop
        Emit(BitConverter.GetBytes(loop - (_code.Count + 4)));
        for (int row = 0; row < rows; row++)
        {
            Store(2 * row, R8, 0);
            Store((2 * row) + 1, R8, BytesOfHalf);
            Emit(0x4D, 0x01, 0xC8); // add r8, r9
        }

        Emit(0xC5, 0xF8, 0x77); // vzeroupper
        Emit(0xC3); // ret
    }

    /// <summary>vpxord zmm, zmm, zmm</summary>
    private void Zero(int vector)
    {
        Evex(map: 1, prefix: 1, vector, vector, upperOfThird: vector >> 3);
        Emit(0xEF, RegisterPair(vector, vector));
    }

    /// <summary>vmovups zmm, [base + offset]</summary>
    private void Load(int vector, int register, int offset)
    {
        Evex(map: 1, prefix: 0, vector, 0, upperOfThird: register >> 3);
        Emit(0x10);
        Displaced(vector, register, offset);
    }

    /// <summary>vmovups [base + offset], zmm</summary>
    private void Store(int vector, int register, int offset)
    {
        Evex(map: 1, prefix: 0, vector, 0, upperOfThird: register >> 3);
        Emit(0x11);
        Displaced(vector, register, offset);
    }

    /// <summary>vbroadcastss zmm, [base + steps · rdx], steps 0 to 2</summary>
    private void Broadcast(int vector, int register, int steps)
    {
        Evex(map: 2, prefix: 1, vector, 0, upperOfThird: register >> 3);
        Emit(0x18);
        if (steps == 0)
        {
            Emit((byte)(((vector & 7) << 3) | (register & 7)));
        }
        else
        {
            Emit((byte)(((vector & 7) << 3) | 4), (byte)(((steps - 1) << 6) | (Rdx << 3) | (register & 7)));
        }
    }

    /// <summary>vdpbf16ps sum, weights, factor</summary>
    private void DotProduct(int sum, int weights, int factor)
    {
        Evex(map: 2, prefix: 2, sum, weights, upperOfThird: factor >> 3);
        Emit(0x52, RegisterPair(sum, factor));
    }

    /// <summary>add register, number</summary>
    private void Add(int register, int number)
    {
        Emit((byte)(0x48 | (register >> 3)), 0x81, (byte)(0xC0 | (register & 7)));
        Emit(BitConverter.GetBytes(number));
    }

    /// <summary>The four bytes before an instruction on 512 bits. Upper bits of registers stand in them inverted.</summary>
    /// <param name="map">1: 0F, 2: 0F38</param>
    /// <param name="prefix">0: none, 1: 66, 2: F3</param>
    /// <param name="first">vector of the ModRM byte's register field</param>
    /// <param name="second">vector beside it; 0: none</param>
    /// <param name="upperOfThird">bits 3 and 4 of the register of the ModRM byte's last field</param>
    private void Evex(int map, int prefix, int first, int second, int upperOfThird) => Emit(
        0x62,
        (byte)(Inverted(first >> 3, 7) | Inverted(upperOfThird >> 1, 6) | Inverted(upperOfThird, 5) | Inverted(first >> 4, 4) | map),
        (byte)(((~second & 15) << 3) | 4 | prefix),
        (byte)((2 << 5) | Inverted(second >> 4, 3)));

    private static int Inverted(int bit, int place) => (~bit & 1) << place;

    private static byte RegisterPair(int first, int third) => (byte)(0xC0 | ((first & 7) << 3) | (third & 7));

    private void Displaced(int vector, int register, int offset)
    {
        Emit((byte)(0x80 | ((vector & 7) << 3) | (register & 7)));
        Emit(BitConverter.GetBytes(offset));
    }

    private void Emit(params ReadOnlySpan<byte> bytes) => _code.AddRange(bytes);
}
