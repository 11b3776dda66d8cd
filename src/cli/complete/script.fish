# fish completion for @PROGRAM@: the program itself knows what could stand where.

function __@PROGRAM@_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l lines ($words[1] __complete $words[2..-1] "$word" 2>/dev/null)
    or return
    set -l directive (string replace -r '^:' '' -- $lines[-1])
    set -e lines[-1]
    # Of --flag=value only the value is known, and fish completes the whole word.
    set -l before (string match -r -- '^--[^=]*=' "$word"; or echo '')
    if test (count $lines) -gt 0
        printf '%s\n' $before$lines
    else if test (math "bitand($directive, 4)") -eq 0
        __fish_complete_path "$word"
    end
end

complete -c @PROGRAM@ -e
complete -c @PROGRAM@ -f -k -a '(__@PROGRAM@_complete)'
