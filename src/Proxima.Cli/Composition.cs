using Proxima.Cli.Answers;
using Proxima.Cli.Comparing;
using Proxima.Cli.Doctor;
using Proxima.Cli.Plan;
using Proxima.Cli.Ppo;
using Proxima.Cli.Runs;
using Proxima.Cli.Stages;
using Proxima.Core;
using Proxima.Core.Answers;
using Proxima.Core.Display;
using Proxima.Core.Ppo;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Dashboard.Comparison;
using Proxima.Dashboard.Terminal;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Distributed;
using Proxima.Distributed.Mpi;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Models.Native;
using Proxima.Training;
using Proxima.Training.Checkpoints;
using Proxima.Training.Preferences;
using Proxima.Training.Ranks;
using Proxima.Training.Rewards;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace Proxima.Cli;

/// <summary>The only place that builds everything: settings in, running objects out.</summary>
internal static class Composition
{
    /// <summary>Builds a PPO run from its settings and runs it, on every rank.</summary>
    public static ExitCode RunPpo(
        LoadedSettings<PpoCommandSettings> loaded, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions, CommandConsole console) =>
        RankedRun.Run(console, ranks => RunPpo(loaded, rewardFunctions, console, ranks));

    private static ExitCode RunPpo(
        LoadedSettings<PpoCommandSettings> loaded, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions, CommandConsole console, ICommunicator ranks)
    {
        PpoInputs inputs = PpoKernel.OfCheckpoint(PpoInputs.Load(loaded, RunFolder.Check(loaded.Settings.Run, loaded.Inputs), ranks.Size));
        ExitCode code = RunPpo(inputs, rewardFunctions, console, ranks);
        if (code == ExitCode.Done && inputs.Settings.Task.DoTrain && ranks.Rank == 0)
        {
            RunSummary.Write(inputs.Folder, inputs.Settings.Model.ActorModelNameOrPath!, console.Output);
        }

        return code;
    }

    private static ExitCode RunPpo(
        PpoInputs inputs, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions, CommandConsole console, ICommunicator ranks)
    {
        if (inputs.Settings.Sampling.UseFusemt)
        {
            ComputeKernels.Require(inputs.Settings.Machine.ComputeKernel);
        }

        StartTorch(ThreadShare.Of(ranks, inputs.Settings.Machine.NumThreads));
        using IRunDisplay display = Display(console, inputs.Settings, ranks);
        using var stop = new StopSignals(display, inputs.Settings.Task.DoTrain ? inputs.Settings.Run.StopAfterMinutes : null);
        var work = new SharedWork(ranks, stop.Request);
        RunDevice device = RunDevice.Of(inputs.Settings.Machine, ranks);
        using var models = new PpoModels(
            inputs.Settings.Model, inputs.Settings.Machine, device, Precision(inputs.Settings.Machine, inputs.Checkpoint, work, device), inputs.RewardText is { HasOwnTokenizer: true });
        GenerationEngines? leading = work.Leads ? Engines(models.Actor, inputs.Settings.Sampling, inputs.Settings.Machine) : null;
        inputs = PpoKernel.With(inputs, Enum.Parse<ComputeKernel>(work.Lead("the kernel of the engine", $"{leading?.Kernel}"))); // timed: hosts may differ
        using GenerationEngines engines = leading ?? Engines(models.Actor, inputs.Settings.Sampling, inputs.Settings.Machine);
        using var rewards = new PpoRewards(inputs.Settings.Reward, inputs.Text.Tokenizer, models.Reward, inputs.RewardText, rewardFunctions, stop.Token);
        return new PpoComposition(inputs, models, engines, rewards, stop, work, display).Run();
    }

    /// <summary>Says what a PPO run will take.</summary>
    /// <exception cref="ProximaException">exit code Usage: it cannot fit, or there is nothing to plan</exception>
    public static ExitCode RunPlan(LoadedSettings<PpoCommandSettings> loaded, PlanSettings plan, CommandConsole console)
    {
        RunSettings run = loaded.Settings.Run with { ResumeFromCheckpoint = null }; // a plan is that of the whole run
        PpoInputs inputs = PpoInputs.Load(loaded with { Settings = loaded.Settings with { Run = run } }, RunFolder.Of(run), plan.Ranks);
        if (inputs.TrainingTask is null)
        {
            throw new ProximaException(ExitCode.Usage, "do_train = false: there is no step to plan. Expected do_train true.");
        }

        if (inputs.Settings.Machine.NamesCuda)
        {
            throw new ProximaException(
                ExitCode.Usage, $"device = {inputs.Settings.Machine.Device}: plan measures this machine's CPU and forecasts runs on it. Expected auto or cpu. Give --device cpu for the plan of such a run.");
        }

        StartTorch(inputs.Settings.Machine.NumThreads);
        RunDevice.Of(inputs.Settings.Machine with { Device = "cpu" }, new SingleRank()); // refuses what a CPU cannot do
        PlanResult result = new RunPlanner(inputs, plan).Plan();
        foreach (string line in plan.Json ? [PlanJson.Of(result)] : PlanReport.Lines(result, console.Style))
        {
            console.Output.WriteLine(line);
        }

        return result.Refusals.Count == 0 ? ExitCode.Done : throw new ProximaException(ExitCode.Usage, string.Join('\n', result.Refusals));
    }

    /// <summary>Answers prompts, or chats.</summary>
    public static ExitCode RunGenerate(LoadedGenerateSettings loaded, CommandConsole console)
    {
        RankedRun.RequireOneRank("generate");
        GenerateCommandSettings settings = loaded.Settings;
        ModelText answering = AnsweringText.Read(
            "model_name_or_path", settings.Answering.ModelNameOrPath!, settings.Sampling, loaded.Written, settings.Answering.FollowModelLinks);
        IReadOnlyList<Dialogue> prompts = loaded.IsChat ? [] : PromptList.Read(loaded, line => console.Error.WriteLine($"warning: {line}"));
        if (settings.Generate.OutputFile is { } output and not AnswerList.StandardOutput)
        {
            OutputFiles.Check("output_file", output);
        }

        StartTorch(settings.Answering.NumThreads);
        using CausalLanguageModel model = ModelFolder.LoadCausal(answering.Folder, ScalarType.Float32);
        using GenerationEngines engines = Engines(model, answering.Sampling, new MachineSettings());
        if (loaded.IsChat)
        {
            new ChatSession(answering, engines, settings.Generate, console).Run();
            return ExitCode.Done;
        }

        using var stop = new StopSignals(_ => { });
        try
        {
            new AnswerList(answering, engines, settings, console, stop.Token).Write(prompts);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.Received != ExitCode.Done)
        {
            return stop.Received;
        }
    }

    /// <summary>Scores the answers of one model, or of two side by side.</summary>
    public static ExitCode RunEval(
        LoadedEvalSettings loaded, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions, CommandConsole console)
    {
        RankedRun.RequireOneRank("eval");
        (string Key, string? Folder)[] models =
        [
            ("model_name_or_path", loaded.Settings.Answering.ModelNameOrPath), ("compare_model_name_or_path", loaded.Settings.Eval.CompareModelNameOrPath),
        ];
        EvalInputs inputs = EvalInputs.Load(loaded.Settings, [.. models.Where(model => model.Folder is not null).Select(model => (model.Key, model.Folder!))], loaded.Written);
        foreach (string note in inputs.Notes)
        {
            console.Error.WriteLine($"note: {note}");
        }

        StartTorch(loaded.Settings.Answering.NumThreads);
        using var stop = new StopSignals(_ => { });
        try
        {
            var evaluation = new ModelEvaluation(inputs, rewardFunctions, stop.Token);
            var report = new EvalReport(inputs, [.. inputs.Models.Select(evaluation.Run)]);
            report.Print(console.Output);
            if (loaded.Settings.Eval.OutputFile is { } path)
            {
                OutputFiles.Write("output_file", path, report.WriteJson);
            }

            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.Received != ExitCode.Done)
        {
            return stop.Received;
        }
    }

    /// <summary>Compares runs; with a task their actors answer it.</summary>
    public static ExitCode RunCompare(
        LoadedCompareSettings loaded, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions, CommandConsole console)
    {
        RankedRun.RequireOneRank("compare");
        if (loaded.Compare.ReportFile is { } path)
        {
            OutputFiles.Check("report_file", path);
        }

        var runs = new ComparedRuns(loaded.Runs);
        if (loaded.Evaluation.Eval.EvalTaskConfig is null)
        {
            RunComparison.Show(runs, rates: null, loaded.Compare, console.Output);
            return ExitCode.Done;
        }

        EvalInputs inputs = EvalInputs.Load(loaded.Evaluation, [.. loaded.Runs.Select(run => ("RUN", Path.Combine(run, RunFolder.ActorName)))], loaded.Written);
        StartTorch(loaded.Evaluation.Answering.NumThreads);
        using var stop = new StopSignals(_ => { });
        try
        {
            var evaluation = new ModelEvaluation(inputs, rewardFunctions, stop.Token);
            RunComparison.Show(runs, new WinRates(runs.Names, [.. inputs.Models.Select(evaluation.Run)]), loaded.Compare, console.Output);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.Received != ExitCode.Done)
        {
            return stop.Received;
        }
    }

    /// <summary>Runs supervised fine-tuning.</summary>
    public static ExitCode RunSft(LoadedSettings<SftCommandSettings> loaded, CommandConsole console) => RunStage(
        ranks => StageInputs<SftCommandSettings>.Load(loaded, DialogueKind.Supervised, (settings, data) => settings with { Data = data }, ranks),
        IStage<EncodedExample> (inputs, precision, device) => new SftStage(inputs, precision, device),
        console);

    /// <summary>Trains a reward model.</summary>
    public static ExitCode RunReward(LoadedSettings<RewardCommandSettings> loaded, CommandConsole console) => RunStage(
        ranks => StageInputs<RewardCommandSettings>.Load(loaded, DialogueKind.Preference, (settings, data) => settings with { Data = data }, ranks),
        IStage<RankedResponses> (inputs, precision, device) => new RewardStage(inputs, precision, device),
        console);

    /// <summary>Everything that <c>proxima doctor</c> looks at, on every rank.</summary>
    public static ExitCode ReportMachine(string outputDir, CommandConsole console) =>
        RankedRun.Run(console, ranks => MachineReport.Write(Checks(outputDir, ranks), ranks, console));

    private static IReadOnlyList<Check> Checks(string outputDir, ICommunicator ranks) =>
    [
        .. MachineChecks.All(), .. LimitChecks.All(), DiskCheck.Of(outputDir), ranks.Size > 1 ? NetworkProbe.Inspect(ranks) : MpiLibrary.Inspect(),
        .. LibTorch.Inspect(), .. GpuChecks.All(), ComputeKernels.Inspect(),
    ];

    /// <summary>What <c>proxima doctor --model DIR</c> tells of a folder.</summary>
    public static ExitCode ReportModel(string folder, CommandConsole console)
    {
        StartTorch(threads: 0);
        return ModelReport.Write(folder, console.Output.WriteLine);
    }

    private static ExitCode RunStage<TRoot, TExample>(
        Func<int, StageInputs<TRoot>> read, Func<StageInputs<TRoot>, TrainingPrecision, RunDevice, IStage<TExample>> load, CommandConsole console)
        where TRoot : class, IStageSettings => RankedRun.Run(console, ranks => RunStage(read(ranks.Size), load, console, ranks));

    private static ExitCode RunStage<TRoot, TExample>(
        StageInputs<TRoot> inputs, Func<StageInputs<TRoot>, TrainingPrecision, RunDevice, IStage<TExample>> load, CommandConsole console, ICommunicator ranks)
        where TRoot : class, IStageSettings
    {
        StartTorch(ThreadShare.Of(ranks, inputs.Settings.Machine.NumThreads));
        using IRunDisplay display = Display(console, inputs.Settings, ranks);
        using var stop = new StopSignals(display, inputs.Settings.Run.StopAfterMinutes);
        var work = new SharedWork(ranks, stop.Request);
        RunDevice device = RunDevice.Of(inputs.Settings.Machine, ranks);
        TrainingPrecision precision = Precision(inputs.Settings.Machine, inputs.Checkpoint, work, device);
        using IStage<TExample> stage = load(inputs, precision, device);
        return new StageComposition<TRoot, TExample>(inputs, stage, precision, device, stop, work, display).Run();
    }

    /// <summary>The number types of a run; a resumed one keeps those that it had.</summary>
    private static TrainingPrecision Precision(MachineSettings machine, string? checkpoint, SharedWork work, RunDevice device)
    {
        TrainingPrecision own = TrainingPrecision.Of(machine, checkpoint is null ? null : CheckpointStore.Read(checkpoint).Bf16Products, device.Device);
        string leading = work.Lead("the type of matrix products", $"{own.Bf16Products}"); // measured: hosts may differ
        return leading == $"{own.Bf16Products}" ? own : TrainingPrecision.Of(machine, Enum.Parse<ScalarType>(leading), device.Device);
    }

    private static void StartTorch(int threads)
    {
        LibTorch.Load();
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
    }

    /// <summary>The engines that the settings ask for.</summary>
    internal static GenerationEngines Engines(CausalLanguageModel model, SamplingSettings sampling, MachineSettings machine) =>
        !sampling.UseFusemt ? GenerationEngines.Plain(model)
        : model.Decoder.Device.type != DeviceType.CPU ? GenerationEngines.OnDevice(model)
        : GenerationEngines.Fused(model, get_num_threads(), machine.ComputeKernel, machine.Precision, Residence(machine));

    /// <summary>What offload means for memory that is not at work.</summary>
    internal static ModelResidence Residence(MachineSettings machine) => machine.Offload ? ModelResidence.Leaves : ModelResidence.Stays;

    private static IRunDisplay Display<TRoot>(CommandConsole console, TRoot settings, ICommunicator ranks)
        where TRoot : class, ITrainingSettings
    {
        if (ranks.Rank > 0)
        {
            return new SilentRunDisplay();
        }

        IRunDisplay display = console.IsTerminal && ranks.Size == 1 // a launcher passes lines on, no table that is drawn anew
            ? new LiveRunDisplay(AnsiConsole.Console, TimeProvider.System)
            : new PlainRunDisplay(console.Output, TimeProvider.System);
        return settings.Run.Verbose ? new DetailedRunDisplay(display, RunConfig.Lines(settings)) : display;
    }
}
