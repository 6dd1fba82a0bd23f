using System.Text;
using System.Text.Json;

namespace Proxima.Dashboard.Web;

/// <summary>
/// Reads samples.jsonl.gz while a run writes it. Keeps a short row of each sample and where its line lies in the file, so that fifty thousand
/// samples take little memory. Not safe for threads: <see cref="RunView"/> locks.
/// </summary>
public sealed class SampleFollower(string path)
{
    private const int ShownCharacters = 200;
    private const int ChunkBytes = 1 << 18;
    private const int ManyRows = 10_000;

    private readonly List<SampleRow> _rows = [];
    private readonly List<(int Member, int Line)> _places = [];
    private readonly List<(long Offset, int Length)> _members = [];
    private readonly Dictionary<string, string> _prompts = [];
    private long _offset;       // up to which whole members were taken
    private long _seenLength;   // of the file at the last look

    /// <summary>Counts how often the file was read from its beginning.</summary>
    public int Generation { get; private set; }

    /// <summary>All samples in the order of the file.</summary>
    public IReadOnlyList<SampleRow> Rows => _rows;

    /// <summary>Reads the steps that have come; one that is still being written waits for the next call.</summary>
    /// <returns>whether anything was new</returns>
    public bool Refresh()
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream file = Open();
        long length = file.Length;
        if (length == _seenLength)
        {
            return false;
        }

        bool isShorter = length < _seenLength;
        if (isShorter)
        {
            StartAnew();
        }

        _seenLength = length;
        int before = _rows.Count;
        TakeMembers(file);
        if (_rows.Count - before > ManyRows)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // what a long file was parsed into goes back
        }

        return isShorter || _rows.Count > before;
    }

    /// <summary>The whole line of a sample, as the run wrote it; null when the file has changed since it was read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">there is no such sample</exception>
    public string? Line(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, _rows.Count);
        (int member, int line) = _places[number];
        (long offset, int length) = _members[member];
        try
        {
            using FileStream file = Open();
            file.Position = offset;
            byte[] bytes = new byte[length];
            file.ReadExactly(bytes);
            return GzipMember.Content(bytes) is { } content ? Encoding.UTF8.GetString(content).Split('\n').ElementAtOrDefault(line) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private void TakeMembers(FileStream file)
    {
        file.Position = _offset;
        byte[] buffer = new byte[ChunkBytes];
        int filled = 0;
        while (true)
        {
            int read = file.ReadAtLeast(buffer.AsSpan(filled), 1, throwOnEndOfStream: false);
            filled += read;
            int taken = 0;
            while (GzipMember.First(new ArraySegment<byte>(buffer, taken, filled - taken)) is { } first)
            {
                Take(first.Content, first.Length);
                taken += first.Length;
            }

            if (read == 0)
            {
                return;
            }

            filled -= taken;
            buffer.AsSpan(taken, filled).CopyTo(buffer);
            if (filled > buffer.Length / 2)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
    }

    private void Take(byte[] content, int length)
    {
        int number = 0;
        for (int start = 0; start < content.Length; number++)
        {
            int end = Array.IndexOf(content, (byte)'\n', start);
            end = end < 0 ? content.Length : end;
            if (RowOf(content.AsMemory(start, end - start)) is { } row)
            {
                _rows.Add(row);
                _places.Add((_members.Count, number));
            }

            start = end + 1;
        }

        _members.Add((_offset, length));
        _offset += length;
    }

    private void StartAnew()
    {
        _rows.Clear();
        _places.Clear();
        _members.Clear();
        _prompts.Clear();
        _offset = 0;
        Generation++;
    }

    /// <summary>The short row of a line; none for a line that is no sample.</summary>
    private SampleRow? RowOf(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement sample = document.RootElement;
            string prompt = sample.GetProperty("prompt").GetString()!;
            string response = sample.GetProperty("response").GetString()!;
            JsonElement score = sample.GetProperty("score");
            JsonElement reference = sample.GetProperty("ref_log_probs");
            return new SampleRow(
                _rows.Count,
                sample.GetProperty("step").GetInt32(),
                string.Intern(sample.GetProperty("kind").GetString()!),
                SharedPrompt(prompt),
                response.Length > ShownCharacters ? response[..ShownCharacters] : response,
                score.ValueKind == JsonValueKind.Number ? score.GetSingle() : null,
                reference.GetArrayLength(),
                sample.TryGetProperty("log_probs", out JsonElement own) ? SumOf(own) - SumOf(reference) : null,
                sample.GetProperty("finished").GetBoolean());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>A prompt comes again in each epoch: one string for all.</summary>
    private string SharedPrompt(string prompt)
    {
        if (!_prompts.TryGetValue(prompt, out string? shared))
        {
            _prompts[prompt] = shared = prompt;
        }

        return shared;
    }

    private static float SumOf(JsonElement numbers)
    {
        double sum = 0;
        foreach (JsonElement number in numbers.EnumerateArray())
        {
            sum += number.ValueKind == JsonValueKind.Number ? number.GetDouble() : 0;
        }

        return (float)sum;
    }
}
