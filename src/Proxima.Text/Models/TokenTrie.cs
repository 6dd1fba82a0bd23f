using System.Numerics;

namespace Proxima.Text.Models;

/// <summary>The tokens of a vocabulary as a tree of UTF-16 units, to find every token that begins at a place of a text.</summary>
internal sealed class TokenTrie
{
    /// <summary>The node that no text leads to.</summary>
    public const int None = -1;

    public const int Root = 0;

    private const ulong Vacant = ulong.MaxValue;
    private const int MinimumSlots = 16;

    private ulong[] _edges = NewEdges(MinimumSlots);
    private int[] _targets = new int[MinimumSlots];
    private int _edgeCount;
    private readonly List<int> _values = [None];

    /// <summary>Adds a token; one added before under the same text is overwritten.</summary>
    public void Add(string token, int value)
    {
        int node = Root;
        foreach (char unit in token)
        {
            int child = Child(node, unit);
            if (child == None)
            {
                child = _values.Count;
                _values.Add(None);
                AddEdge(node, unit, child);
            }

            node = child;
        }

        _values[node] = value;
    }

    /// <summary>The node one unit further; <see cref="None"/> when no token goes on like that.</summary>
    public int Child(int node, char unit)
    {
        ulong edge = Edge(node, unit);
        int slot = Slot(edge);
        return _edges[slot] == edge ? _targets[slot] : None;
    }

    /// <summary>The length of the longest token that begins a text, and its value; 0 when none does.</summary>
    public int Longest(ReadOnlySpan<char> text, out int value)
    {
        int length = 0;
        value = None;
        int node = Root;
        for (int at = 0; at < text.Length; at++)
        {
            node = Child(node, text[at]);
            if (node == None)
            {
                break;
            }

            if (_values[node] != None)
            {
                (length, value) = (at + 1, _values[node]);
            }
        }

        return length;
    }

    /// <summary>The value of the token that ends at a node; <see cref="None"/> when none does.</summary>
    public int Value(int node) => _values[node];

    private static ulong Edge(int node, char unit) => ((ulong)(uint)node << 16) | unit;

    private static ulong[] NewEdges(int slots)
    {
        var edges = new ulong[slots];
        Array.Fill(edges, Vacant);
        return edges;
    }

    private void AddEdge(int node, char unit, int child)
    {
        if (++_edgeCount * 2 > _edges.Length)
        {
            Grow();
        }

        ulong edge = Edge(node, unit);
        int slot = Slot(edge);
        _edges[slot] = edge;
        _targets[slot] = child;
    }

    private void Grow()
    {
        (ulong[] edges, int[] targets) = (_edges, _targets);
        _edges = NewEdges(edges.Length * 2);
        _targets = new int[_edges.Length];
        for (int i = 0; i < edges.Length; i++)
        {
            if (edges[i] != Vacant)
            {
                int slot = Slot(edges[i]);
                _edges[slot] = edges[i];
                _targets[slot] = targets[i];
            }
        }
    }

    private int Slot(ulong edge)
    {
        int slot = (int)((edge * 0x9E3779B97F4A7C15UL) >> (64 - BitOperations.Log2((uint)_edges.Length)));
        while (_edges[slot] != edge && _edges[slot] != Vacant)
        {
            slot = (slot + 1) & (_edges.Length - 1);
        }

        return slot;
    }
}
