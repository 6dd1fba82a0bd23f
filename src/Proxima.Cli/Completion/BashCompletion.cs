namespace Proxima.Cli.Completion;

/// <summary>The completion of bash.</summary>
internal static class BashCompletion
{
    /// <summary>The script to be sourced.</summary>
    public static string Script(IReadOnlyList<CommandDefinition> commands)
    {
        IReadOnlyList<CompletedCommand> completed = CompletedCommand.Of(commands);
        IEnumerable<string> second = CompletedCommand.SecondWords(commands).Select(pair => $"        {pair.Name}) words=\"{string.Join(' ', pair.Words)}\" ;;");
        IEnumerable<string> values = CompletedCommand.ValuesOf(completed).Select(pair => $"        --{pair.Name}) words=\"{string.Join(' ', pair.Values)}\" ;;");
        IEnumerable<string> names = completed.Where(command => command.Arguments.Count > 0)
            .Select(command => $"        \"{command.Name}\") words=\"{string.Join(' ', command.Arguments.Select(argument => $"--{argument.Name}"))} --help\" ;;");
        return $$"""
            # Completion of proxima for bash. Use it now:      source <(proxima completion bash)
            # and in every shell:     proxima completion bash > ~/.local/share/bash-completion/completions/proxima
            _proxima() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words=""
                if ((COMP_CWORD == 1)); then
                    mapfile -t COMPREPLY < <(compgen -W "{{string.Join(' ', commands.Select(command => command.Name))}} --help --version" -- "$current")
                    return
                fi
                case $command in
            {{string.Join('\n', second)}}
                esac
                if [[ -n $words ]]; then
                    if ((COMP_CWORD == 2)); then
                        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
                        return
                    fi
                    command+=" ${COMP_WORDS[2]}"
                fi
                words=""
                case $previous in
            {{string.Join('\n', values)}}
                esac
                if [[ -z $words && $current == -* ]]; then
                    case $command in
            {{string.Join('\n', names)}}
                    esac
                fi
                if [[ -n $words ]]; then
                    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
                else
                    compopt -o filenames 2>/dev/null
                    mapfile -t COMPREPLY < <(compgen -f -- "$current")
                fi
            }
            complete -F _proxima proxima

            """;
    }
}
