using Proxima.Cli;

return (int)CommandDispatcher.Run(args, CommandConsole.OfProcess());
