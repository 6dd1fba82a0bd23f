namespace Proxima.Cli.Completion;

/// <summary>The completion of zsh.</summary>
internal static class ZshCompletion
{
    /// <summary>The script to be sourced, or to be found in fpath as _proxima.</summary>
    public static string Script(IReadOnlyList<CommandDefinition> commands)
    {
        IReadOnlyList<CompletedCommand> completed = CompletedCommand.Of(commands);
        IEnumerable<string> first = commands.Select(command => $"            {Described(command.Name, command.Summary)}");
        IEnumerable<string> second = CompletedCommand.SecondWords(commands).Select(pair => $"        {pair.Name}) choices=({string.Join(' ', pair.Words)}) ;;");
        IEnumerable<string> values = CompletedCommand.ValuesOf(completed).Select(pair => $"        --{pair.Name}) choices=({string.Join(' ', pair.Values)}) ;;");
        IEnumerable<string> names = completed.Where(command => command.Arguments.Count > 0).Select(command =>
            $"        \"{command.Name}\") choices=({string.Join(' ', command.Arguments.Select(argument => Described($"--{argument.Name}", argument.Help)))}) ;;");
        return $$"""
            #compdef proxima
            # Completion of proxima for zsh. Use it now:      source <(proxima completion zsh)
            # and in every shell:     proxima completion zsh > a folder of your fpath, as the file _proxima
            _proxima() {
                local command=$words[2] current=$words[CURRENT] previous=$words[CURRENT-1]
                local -a choices
                if ((CURRENT == 2)); then
                    choices=(
            {{string.Join('\n', first)}}
                    )
                    _describe command choices
                    return
                fi
                case $command in
            {{string.Join('\n', second)}}
                esac
                if (($#choices)); then
                    if ((CURRENT == 3)); then
                        _describe word choices
                        return
                    fi
                    command+=" $words[3]"
                fi
                choices=()
                case $previous in
            {{string.Join('\n', values)}}
                esac
                if (($#choices == 0)) && [[ $current == -* ]]; then
                    case $command in
            {{string.Join('\n', names)}}
                    esac
                fi
                if (($#choices)); then
                    _describe value choices
                else
                    _files
                fi
            }
            (($+functions[compdef])) && compdef _proxima proxima

            """;
    }

    /// <summary>A word with its description, as one quoted word of the shell.</summary>
    private static string Described(string word, string help) =>
        $"'{word}:{help.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
