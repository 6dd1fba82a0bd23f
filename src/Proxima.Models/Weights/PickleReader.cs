using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Proxima.Core.Untrusted;

namespace Proxima.Models.Weights;

/// <summary>
/// Reads the few instructions of Python's pickle language that a state dict of PyTorch is made of. Nothing is executed:
/// a call of anything but the known functions is refused.
/// Instructions: https://github.com/python/cpython/blob/main/Lib/pickletools.py
/// </summary>
internal sealed class PickleReader
{
    /// <summary>Those of a hundred thousand tensors; each can make a few hundred bytes.</summary>
    private const int MostInstructions = 5_000_000;

    private static readonly object MarkOnStack = new();

    private readonly byte[] _code;
    private readonly Func<string, object?[], object?> _call;
    private readonly Func<object?[], object?> _resolve;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<int, object?> _memory = [];
    private int _at;

    private PickleReader(byte[] code, Func<string, object?[], object?> call, Func<object?[], object?> resolve)
    {
        _code = code;
        _call = call;
        _resolve = resolve;
    }

    /// <summary>Reads one value: a text, long, double, bool, null, list, object[] (tuple), dictionary, <see cref="PickleName"/>, or what the two functions give.</summary>
    /// <param name="code">the pickle</param>
    /// <param name="call">gives the value of a function of Python, called with arguments; throws for one that is not allowed</param>
    /// <param name="resolve">gives the value of a reference to something outside the pickle</param>
    /// <exception cref="InvalidDataException">the pickle is malformed or uses other instructions</exception>
    public static object? Read(byte[] code, Func<string, object?[], object?> call, Func<object?[], object?> resolve)
    {
        try
        {
            return new PickleReader(code, call, resolve).Run();
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidCastException or IndexOutOfRangeException or KeyNotFoundException or NullReferenceException)
        {
            throw new InvalidDataException($"malformed pickle ({problem.Message})", problem);
        }
    }

    private object? Run()
    {
        for (int count = 0; count < MostInstructions; count++)
        {
            byte instruction = Take(1)[0];
            if (instruction == '.')
            {
                return Pop();
            }

            bool isKnown = RunConstant(instruction) || RunContainer(instruction) || RunMemory(instruction) || RunName(instruction);
            if (!isKnown)
            {
                throw new InvalidDataException($"unknown pickle instruction 0x{instruction:x2}");
            }
        }

        throw new InvalidDataException($"more than {MostInstructions:n0} pickle instructions");
    }

    private bool RunConstant(byte instruction)
    {
        switch (instruction)
        {
            case 0x80: // protocol
                Take(1);
                return true;
            case 0x95: // frame
                Take(8);
                return true;
            case (byte)'N':
                return Push(null);
            case 0x88:
                return Push(true);
            case 0x89:
                return Push(false);
            case (byte)'K':
                return Push((long)Take(1)[0]);
            case (byte)'M':
                return Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
            case (byte)'J':
                return Push((long)TakeInt32());
            case 0x8a:
                return Push(TakeLong());
            case (byte)'G':
                return Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
            case (byte)'X':
                return Push(Encoding.UTF8.GetString(Take(TakeInt32())));
            case 0x8c:
                return Push(Encoding.UTF8.GetString(Take(Take(1)[0])));
            default:
                return false;
        }
    }

    private bool RunContainer(byte instruction)
    {
        switch (instruction)
        {
            case (byte)'(':
                return Push(MarkOnStack);
            case (byte)')':
                return Push(Array.Empty<object?>());
            case (byte)'t':
                return Push(PopToMark());
            case 0x85:
            case 0x86:
            case 0x87:
                return Push(Pop(count: instruction - 0x84));
            case (byte)']':
                return Push(new List<object?>());
            case (byte)'a':
                return Append([Pop()]);
            case (byte)'e':
                return Append(PopToMark());
            case (byte)'}':
                return Push(new Dictionary<object, object?>());
            case (byte)'s':
                return SetItems(Pop(count: 2));
            case (byte)'u':
                return SetItems(PopToMark());
            case (byte)'b': // state of an object: only the metadata of a state dict has one, and it is of no use
                Pop();
                return true;
            default:
                return false;
        }
    }

    private bool RunMemory(byte instruction)
    {
        switch (instruction)
        {
            case (byte)'q':
                _memory[Take(1)[0]] = _stack[^1];
                return true;
            case (byte)'r':
                _memory[TakeInt32()] = _stack[^1];
                return true;
            case 0x94:
                _memory[_memory.Count] = _stack[^1];
                return true;
            case (byte)'h':
                return Push(_memory[Take(1)[0]]);
            case (byte)'j':
                return Push(_memory[TakeInt32()]);
            default:
                return false;
        }
    }

    private bool RunName(byte instruction)
    {
        switch (instruction)
        {
            case (byte)'c':
                return Push(new PickleName($"{TakeLine()}.{TakeLine()}"));
            case 0x93:
                object?[] parts = Pop(count: 2);
                return Push(new PickleName($"{(string)parts[0]!}.{(string)parts[1]!}"));
            case (byte)'R':
                object?[] call = Pop(count: 2);
                return Push(_call(((PickleName)call[0]!).Name, (object?[])call[1]!));
            case (byte)'Q':
                return Push(_resolve((object?[])Pop()!));
            default:
                return false;
        }
    }

    private bool Push(object? value)
    {
        _stack.Add(value);
        return true;
    }

    private object? Pop() => Pop(count: 1)[0];

    private object?[] Pop(int count)
    {
        object?[] values = [.. _stack.GetRange(_stack.Count - count, count)];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        int mark = _stack.LastIndexOf(MarkOnStack);
        object?[] values = Pop(_stack.Count - mark - 1);
        Pop();
        return values;
    }

    private bool Append(object?[] values)
    {
        ((List<object?>)_stack[^1]!).AddRange(values);
        return true;
    }

    private bool SetItems(object?[] pairs)
    {
        var target = (Dictionary<object, object?>)_stack[^1]!;
        for (int i = 0; i < pairs.Length; i += 2)
        {
            // Other keys could be made to collide, which takes hours.
            target[pairs[i] as string ?? throw new InvalidDataException("a key is no text")] = pairs[i + 1];
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = _code.AsSpan(_at, count);
        _at += count;
        return taken;
    }

    private int TakeInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    private long TakeLong()
    {
        ReadOnlySpan<byte> bytes = Take(Take(1)[0]); // two's complement, as short as it goes
        return bytes.Length <= sizeof(long)
            ? (long)new BigInteger(bytes)
            : throw new InvalidDataException("a whole number of more than 64 bits");
    }

    private string TakeLine()
    {
        int length = _code.AsSpan(_at).IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(Take(length));
        Take(1);
        return ShownText.Of(line); // names that are known are shorter
    }
}
