using System.Buffers.Binary;
using System.Text;

namespace Proxima.Models.Native;

/// <summary>
/// Reads the dynamic symbols of a 64-bit little-endian ELF library, and marks a needed symbol version as weak.
/// Layout: System V ABI, AMD64 supplement, and the symbol versioning of the Linux Standard Base.
/// </summary>
internal readonly ref struct ElfImage
{
    private const uint RelocationSection = 4;
    private const uint DynamicSymbolSection = 11;
    private const uint NeededVersionSection = 0x6ffffffe;
    private const uint SymbolVersionSection = 0x6fffffff;
    private const int SymbolSize = 24;
    private const int RelocationSize = 24;
    private const ushort WeakVersionFlag = 2;
    private const int WeakBinding = 2;

    private readonly ReadOnlySpan<byte> _image;
    private readonly Section[] _sections;

    /// <exception cref="BadImageFormatException">the bytes are no such library</exception>
    public ElfImage(ReadOnlySpan<byte> image)
    {
        bool isElf64 = image.Length >= 64 && image[..6].SequenceEqual("\u007fELF\u0002\u0001"u8);
        if (!isElf64)
        {
            throw new BadImageFormatException("not a 64-bit little-endian ELF library");
        }

        _image = image;
        long table = (long)U64(0x28);
        int size = U16(0x3a);
        _sections = new Section[U16(0x3c)];
        for (int i = 0; i < _sections.Length; i++)
        {
            long at = table + (long)i * size;
            _sections[i] = new(U32(at + 4), (long)U64(at + 0x18), (long)U64(at + 0x20), (int)U32(at + 0x28));
        }
    }

    /// <summary>Names that the library exports.</summary>
    public HashSet<string> Exports()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        Section symbols = Find(DynamicSymbolSection);
        for (long at = symbols.Offset; at < symbols.End; at += SymbolSize)
        {
            if (U16(at + 6) != 0)
            {
                names.Add(SymbolName(at));
            }
        }

        return names;
    }

    /// <summary>Names that the library must be given and that carry no version, so not those of the C and C++ run-time libraries.</summary>
    public List<string> UnversionedImports()
    {
        List<string> names = [];
        Section symbols = Find(DynamicSymbolSection);
        Section versions = Find(SymbolVersionSection);
        for (int i = 1; symbols.Offset + (long)i * SymbolSize < symbols.End; i++)
        {
            long at = symbols.Offset + (long)i * SymbolSize;
            bool isWeak = _image[(int)at + 4] >> 4 == WeakBinding;
            bool isVersioned = VersionOf(versions, i) > 1;
            if (U16(at + 6) == 0 && !isWeak && !isVersioned)
            {
                names.Add(SymbolName(at));
            }
        }

        return names;
    }

    /// <summary>
    /// Finds the place of the flags of a needed version, so that <see cref="MarkWeak"/> can make the loader accept its absence.
    /// Refuses when a relocation uses a symbol of that version: then the library needs it.
    /// </summary>
    /// <returns>place of the flags; null when the library does not ask for that version</returns>
    /// <exception cref="BadImageFormatException">a symbol of that version is really used; the message names it</exception>
    public int? FindUnusedVersion(string version)
    {
        if (FindNeededVersion(version) is not (long flagsAt, int index))
        {
            return null;
        }

        Section symbols = Find(DynamicSymbolSection);
        Section versions = Find(SymbolVersionSection);
        foreach (Section relocations in _sections.Where(section => section.Type == RelocationSection))
        {
            for (long at = relocations.Offset; at < relocations.End; at += RelocationSize)
            {
                int symbol = (int)U32(at + 12);
                if (symbol != 0 && VersionOf(versions, symbol) == index)
                {
                    throw new BadImageFormatException($"it really uses {SymbolName(symbols.Offset + (long)symbol * SymbolSize)} of {version}");
                }
            }
        }

        return (int)flagsAt;
    }

    /// <summary>Sets the weak flag at a place that <see cref="FindUnusedVersion"/> gave.</summary>
    public static void MarkWeak(Span<byte> image, int flagsAt)
    {
        Span<byte> flags = image.Slice(flagsAt, sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakVersionFlag));
    }

    private (long FlagsAt, int Index)? FindNeededVersion(string version)
    {
        Section needed = Find(NeededVersionSection);
        long names = _sections[needed.Link].Offset;
        long library = needed.Offset;
        while (true)
        {
            long entry = library + U32(library + 8);
            for (int i = U16(library + 2); i > 0; i--)
            {
                if (Text(names + U32(entry + 8)) == version)
                {
                    return (entry + 4, U16(entry + 6) & 0x7fff);
                }

                entry += U32(entry + 12);
            }

            uint next = U32(library + 12);
            if (next == 0)
            {
                return null;
            }

            library += next;
        }
    }

    private Section Find(uint type) =>
        Array.Find(_sections, section => section.Type == type) is { Size: > 0 } found
            ? found
            : throw new BadImageFormatException($"the library has no section of type 0x{type:x}");

    /// <summary>0 local, 1 global without a version, above: an entry of the version tables.</summary>
    private int VersionOf(Section versions, int symbol) => U16(versions.Offset + 2L * symbol) & 0x7fff;

    private string SymbolName(long at) => Text(_sections[Find(DynamicSymbolSection).Link].Offset + U32(at));

    private string Text(long at)
    {
        ReadOnlySpan<byte> rest = _image[(int)at..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private ushort U16(long at) => BinaryPrimitives.ReadUInt16LittleEndian(_image[(int)at..]);

    private uint U32(long at) => BinaryPrimitives.ReadUInt32LittleEndian(_image[(int)at..]);

    private ulong U64(long at) => BinaryPrimitives.ReadUInt64LittleEndian(_image[(int)at..]);

    private readonly record struct Section(uint Type, long Offset, long Size, int Link)
    {
        public long End => Offset + Size;
    }
}
