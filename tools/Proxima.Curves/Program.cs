using Proxima.Curves;

// Draws one evaluation metric of runs beside recorded curves of other trainers, as SVG.
//
//   dotnet run --project tools/Proxima.Curves -- OUT.svg TITLE METRIC [LABEL=RUN_FOLDER …] [reference:LABEL=CURVES.json#RUN_NAME …]
//
// METRIC names a metric of metrics.jsonl; gold_mean is drawn from the references' "gold", kl_per_seq from their "kl".
if (args.Length < 4)
{
    Console.Error.WriteLine("usage: OUT.svg TITLE METRIC [LABEL=RUN_FOLDER …] [reference:LABEL=CURVES.json#RUN_NAME …]");
    return 2;
}

const string ReferencePrefix = "reference:";
List<Curve> curves = [];
foreach (string argument in args.Skip(3))
{
    bool isReference = argument.StartsWith(ReferencePrefix, StringComparison.Ordinal);
    string[] parts = (isReference ? argument[ReferencePrefix.Length..] : argument).Split('=', 2);
    curves.AddRange(isReference ? CurveReader.OfReference(parts[0], parts[1], args[2]) : [CurveReader.OfRun(parts[0], parts[1], args[2])]);
}

CurvePlot.Write(args[0], args[1], args[2], curves);
return 0;
