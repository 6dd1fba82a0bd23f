using Proxima.Cli;

return ProximaProgram.Run(args);
