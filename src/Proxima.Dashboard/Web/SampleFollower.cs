using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Proxima.Dashboard.Web;

/// <summary>
/// Reads samples.jsonl.gz while a run writes it. Keeps a short row of each sample, and the whole lines compressed in blocks, so that
/// fifty thousand samples take little memory. Not safe for threads: <see cref="RunView"/> locks.
/// </summary>
public sealed class SampleFollower(string path)
{
    private const int LinesPerBlock = 64;
    private const int ShownCharacters = 300;

    private readonly List<SampleRow> _rows = [];
    private readonly List<byte[]> _blocks = [];
    private readonly List<string> _open = [];
    private readonly Dictionary<string, string> _prompts = [];
    private long _offset;

    /// <summary>Counts how often the file was read from its beginning.</summary>
    public int Generation { get; private set; }

    /// <summary>All samples in the order of the file.</summary>
    public IReadOnlyList<SampleRow> Rows => _rows;

    /// <summary>Reads the batches of lines that have come; a batch that is still being written waits for the next call.</summary>
    /// <returns>whether anything was new</returns>
    public bool Refresh()
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        bool isShorter = file.Length < _offset;
        if (isShorter)
        {
            StartAnew();
        }

        if (file.Length == _offset)
        {
            return isShorter;
        }

        // Batches are written in one piece, so the end of the file is the end of a batch; if not, all that is new is read again next time.
        long length = file.Length;
        file.Position = _offset;
        List<string> lines = [];
        try
        {
            using StreamReader reader = new(new GZipStream(file, CompressionMode.Decompress), Encoding.UTF8);
            while (reader.ReadLine() is { } line)
            {
                lines.Add(line);
            }
        }
        catch (InvalidDataException)
        {
            return isShorter;
        }

        _offset = length;
        lines.ForEach(Take);
        return true;
    }

    /// <summary>The whole line of a sample, as the run wrote it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">there is no such sample</exception>
    public string Line(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, _rows.Count);
        int block = number / LinesPerBlock;
        return block < _blocks.Count ? Unpack(_blocks[block])[number % LinesPerBlock] : _open[number % LinesPerBlock];
    }

    private void StartAnew()
    {
        _rows.Clear();
        _blocks.Clear();
        _open.Clear();
        _prompts.Clear();
        _offset = 0;
        Generation++;
    }

    private void Take(string line)
    {
        if (RowOf(line) is not { } row)
        {
            return;
        }

        _rows.Add(row);
        _open.Add(line);
        if (_open.Count == LinesPerBlock)
        {
            _blocks.Add(Pack(_open));
            _open.Clear();
        }
    }

    /// <summary>The short row of a line; none for a line that is no sample.</summary>
    private SampleRow? RowOf(string line)
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
                sample.GetProperty("kind").GetString()!,
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

    private static float SumOf(JsonElement numbers) =>
        (float)numbers.EnumerateArray().Sum(number => number.ValueKind == JsonValueKind.Number ? number.GetDouble() : 0);

    private static byte[] Pack(List<string> lines)
    {
        using MemoryStream packed = new();
        using (BrotliStream stream = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        }

        return packed.ToArray();
    }

    private static string[] Unpack(byte[] packed)
    {
        using StreamReader reader = new(new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd().Split('\n');
    }
}
