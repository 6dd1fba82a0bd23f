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
    private const int ShownCharacters = 200;

    private readonly List<SampleRow> _rows = [];
    private readonly List<byte[]> _blocks = [];
    private readonly List<string> _open = [];
    private readonly Dictionary<string, string> _prompts = [];
    private long _offset;            // up to which whole batches were taken
    private long _seenLength;        // of the file at the last look
    private int _takenBeyondOffset;  // lines behind it that were taken before the file could not be read on

    /// <summary>Counts how often the file was read from its beginning.</summary>
    public int Generation { get; private set; }

    /// <summary>All samples in the order of the file.</summary>
    public IReadOnlyList<SampleRow> Rows => _rows;

    /// <summary>Reads the batches of lines that have come; what is still being written waits for the next call.</summary>
    /// <returns>whether anything was new</returns>
    public bool Refresh()
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
        int generation = Generation;
        int before = _rows.Count;
        bool isWhole = TakeLines(file);
        if (!isWhole && _offset > 0 && _takenBeyondOffset == 0)
        {
            // The end of a batch that was half written cannot be told from that of a whole one, so the offset may lie within a batch.
            StartAnew();
            isWhole = TakeLines(file);
        }

        if (isWhole)
        {
            _offset = length;
            _takenBeyondOffset = 0;
        }

        return isShorter || Generation != generation || _rows.Count > before;
    }

    /// <summary>Takes the lines behind <see cref="_offset"/> that were not taken before.</summary>
    /// <returns>whether all could be read</returns>
    private bool TakeLines(FileStream file)
    {
        file.Position = _offset;
        try
        {
            using StreamReader reader = new(new GZipStream(file, CompressionMode.Decompress, leaveOpen: true), Encoding.UTF8);
            for (int number = 0; reader.ReadLine() is { } line; number++)
            {
                if (number >= _takenBeyondOffset)
                {
                    if (!TryTake(line) && reader.EndOfStream)
                    {
                        return false; // half a line
                    }

                    _takenBeyondOffset++;
                }
            }

            return true;
        }
        catch (InvalidDataException)
        {
            return false; // half a batch
        }
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
        _takenBeyondOffset = 0;
        Generation++;
    }

    private bool TryTake(string line)
    {
        if (RowOf(line) is not { } row)
        {
            return false;
        }

        _rows.Add(row);
        _open.Add(line);
        if (_open.Count == LinesPerBlock)
        {
            _blocks.Add(Pack(_open));
            _open.Clear();
        }

        return true;
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
