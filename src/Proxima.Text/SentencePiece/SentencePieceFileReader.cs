using Proxima.Core;
using Proxima.Core.Untrusted;
using Proxima.Text.Models;

namespace Proxima.Text.SentencePiece;

/// <summary>
/// Reads a SentencePiece tokenizer.model: a protocol buffer of pieces (field 1), the trainer's settings (2), the
/// normalizer's (3) and the denormalizer's (5). Field numbers as in sentencepiece_model.proto.
/// </summary>
internal static class SentencePieceFileReader
{
    private const int MaxBytes = 64 << 20;

    public static SentencePieceFile Read(string path)
    {
        byte[] content = BoundedFile.ReadAll(path, MaxBytes);
        var pieces = new List<Piece>();
        var file = new SentencePieceFile { Pieces = pieces };
        var reader = new ProtoReader(content, path);
        while (reader.NextField())
        {
            switch (reader.Field)
            {
                case 1:
                    if (pieces.Count > Vocabulary.MaxId)
                    {
                        throw reader.Broken($"more than {Vocabulary.MaxId} pieces");
                    }

                    pieces.Add(ReadPiece(new ProtoReader(reader.Bytes(), path)));
                    break;
                case 2:
                    file = ReadTrainer(new ProtoReader(reader.Bytes(), path), file);
                    break;
                case 3:
                    file = ReadNormalizer(new ProtoReader(reader.Bytes(), path), file);
                    break;
                case 5:
                    RefuseDenormalizer(new ProtoReader(reader.Bytes(), path));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        Check(file, path);
        return file;
    }

    private static Piece ReadPiece(ProtoReader reader)
    {
        var piece = new Piece(string.Empty, 0, PieceType.Normal);
        while (reader.NextField())
        {
            switch (reader.Field)
            {
                case 1:
                    piece = piece with { Text = reader.Text() };
                    break;
                case 2:
                    piece = piece with { Score = reader.Single() };
                    break;
                case 3:
                    ulong type = reader.Integer();
                    piece = type is >= (ulong)PieceType.Normal and <= (ulong)PieceType.Byte
                        ? piece with { Type = (PieceType)type }
                        : throw reader.Broken($"a piece of type {type}");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return piece.Text.Length is > 0 and <= Vocabulary.LongestText && float.IsFinite(piece.Score)
            ? piece
            : throw reader.Broken(
                $"a piece without text, of over {Vocabulary.LongestText} characters or with a score that is no finite number");
    }

    private static SentencePieceFile ReadTrainer(ProtoReader reader, SentencePieceFile file)
    {
        while (reader.NextField())
        {
            switch (reader.Field)
            {
                case 3:
                    ulong type = reader.Integer();
                    file = type is (ulong)ModelType.Unigram or (ulong)ModelType.Bpe
                        ? file with { ModelType = (ModelType)type }
                        : throw reader.Broken($"model type {type} is not supported (1, unigram, and 2, BPE, are)");
                    break;
                case 24 when reader.Flag():
                    throw reader.Broken("treat_whitespace_as_suffix is not supported");
                case 24:
                    break;
                case 35:
                    file = file with { ByteFallback = reader.Flag() };
                    break;
                case 44:
                    file = reader.Text() is { Length: <= Vocabulary.LongestText } surface
                        ? file with { UnknownSurface = surface }
                        : throw reader.Broken($"an unk_surface of over {Vocabulary.LongestText} characters");
                    break;
                case 45:
                    file = file with { UnknownPiece = reader.Text() };
                    break;
                case 46:
                    file = file with { BosPiece = reader.Text() };
                    break;
                case 47:
                    file = file with { EosPiece = reader.Text() };
                    break;
                case 48:
                    file = file with { PadPiece = reader.Text() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return file;
    }

    private static SentencePieceFile ReadNormalizer(ProtoReader reader, SentencePieceFile file)
    {
        while (reader.NextField())
        {
            switch (reader.Field)
            {
                case 2:
                    file = file with { CharacterMap = reader.Bytes().ToArray() };
                    break;
                case 3:
                    file = file with { AddsDummyPrefix = reader.Flag() };
                    break;
                case 4:
                    file = file with { RemovesExtraSpaces = reader.Flag() };
                    break;
                case 5:
                    file = file with { EscapesSpaces = reader.Flag() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return file;
    }

    private static void RefuseDenormalizer(ProtoReader reader)
    {
        while (reader.NextField())
        {
            if (reader.Field == 2 && reader.Bytes().Length > 0)
            {
                throw reader.Broken("a denormalizer is not supported");
            }

            if (reader.Field != 2)
            {
                reader.Skip();
            }
        }
    }

    private static void Check(SentencePieceFile file, string path)
    {
        int unknown = file.Pieces.Count(piece => piece.Type == PieceType.Unknown);
        if (unknown != 1)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{path}: {file.Pieces.Count} pieces, {unknown} of them for unknown text. "
                + "Expected a SentencePiece model, which has exactly one.");
        }

        if (file.ByteFallback && file.Pieces.Count(piece => piece.Type == PieceType.Byte) != 256)
        {
            throw new ProximaException(
                ExitCode.Data, $"{path}: byte_fallback without 256 byte pieces. Expected one for each byte.");
        }
    }
}
