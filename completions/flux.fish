# fish completion for flux: asks flux itself what may follow.

function __flux_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l answer ($program __complete $words "$typed" 2>/dev/null)
    test (count $answer) -gt 0; or return
    set -l directive (string replace -r '^:' '' -- $answer[-1])
    string match -qr '^[0-9]+$' -- $directive; or return
    set -e answer[-1]
    test (math "$directive % 2") -eq 1; and return

    # --flag=value: candidates are values, fish wants the whole word
    set -l flag ''
    string match -qr -- '^-[^=]*=' $typed; and set flag (string match -r -- '^-[^=]*=' $typed)
    if test (count $answer) -gt 0
        printf '%s\n' $flag$answer
    else if test (math "floor($directive / 16) % 2") -eq 1
        __fish_complete_directories (string replace -r -- '^-[^=]*=' '' $typed) | string replace -r '^' -- "$flag"
    else if test (math "floor($directive / 4) % 2") -eq 0
        __fish_complete_path (string replace -r -- '^-[^=]*=' '' $typed) | string replace -r '^' -- "$flag"
    end
end

complete -c flux -e
complete -c flux -f -k -a '(__flux_complete)'
