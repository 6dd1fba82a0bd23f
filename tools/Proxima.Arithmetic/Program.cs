using Proxima.Arithmetic;

// Writes the dialogues of the default run: small sums over one to three turns, in English and in Chinese.
//
//   dotnet run --project tools/Proxima.Arithmetic -- data FOLDER        the small files that ship in data/arithmetic
//   dotnet run --project tools/Proxima.Arithmetic -- training FOLDER    the larger ones from which the default models are made
//   dotnet run --project tools/Proxima.Arithmetic -- tokenizer FOLDER   tokenizer.json and tokenizer_config.json of the default models
//
// The same call writes the same bytes each time.
if (args is not [var what, var folder] || what is not ("data" or "training" or "tokenizer"))
{
    Console.Error.WriteLine("usage: data|training|tokenizer FOLDER");
    return 2;
}

Directory.CreateDirectory(folder);
switch (what)
{
    case "data":
        DataFiles.WriteSmall(folder);
        break;
    case "training":
        DataFiles.WriteTraining(folder);
        break;
    default:
        TokenizerFiles.Write(folder);
        break;
}

return 0;
