# bash completion for flux. Needs nothing but bash 3.2 or newer.
#
# flux itself knows what may follow: this asks it for candidates for the word under the cursor.

__flux_complete() {
    local IFS=$' \t\n' rest=${COMP_LINE:0:COMP_POINT} index word last=0
    local -a typed=() answer=()

    # bash has cut the line at = and : as well. Put together what has no blank in between.
    for ((index = 0; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        local blank=${rest%%[![:space:]]*}
        rest=${rest#"$blank"}
        ((index == COMP_CWORD)) && word=$rest
        if ((index > 0)) && [[ -z $blank ]]; then
            typed[last]+=$word
        else
            last=${#typed[@]}
            typed[last]=$word
        fi
        rest=${rest#"$word"}
    done

    # What bash will replace is only the piece behind the last = or :, so that much is cut off the candidates.
    local current=${typed[last]} piece=$word head flag=
    [[ $piece == [=:]* ]] && piece=
    head=${current%"$piece"}
    [[ $current == -*=* ]] && flag=${current%%=*}=

    local -a before=("${typed[@]:1}")
    for ((index = 0; index < ${#before[@]}; index++)); do
        before[index]=${before[index]//[\\\'\"]/}
    done
    IFS=$'\n' read -r -d '' -a answer < <("${typed[0]/#\~/$HOME}" __completeNoDesc ${before[@]+"${before[@]}"} 2>/dev/null)
    COMPREPLY=()
    ((${#answer[@]})) || return
    local directive=${answer[${#answer[@]} - 1]#:}
    unset "answer[${#answer[@]}-1]"
    [[ $directive == *[!0-9]* || -z $directive ]] && return

    for word in ${answer[@]+"${answer[@]}"}; do
        word=$flag$word
        word=${word#"$head"}
        [[ $word == *[!-A-Za-z0-9_.,:=/@%+]* ]] && printf -v word %q "$word"
        COMPREPLY[${#COMPREPLY[@]}]=$word
    done
    ((directive & 1)) && COMPREPLY=()
    if ((directive & 2)); then
        compopt -o nospace 2>/dev/null
    fi
    if ((directive & 16)); then
        compopt +o default -o filenames 2>/dev/null
        IFS=$'\n' read -r -d '' -a COMPREPLY < <(compgen -d -- "$piece")
    elif ((directive & 5)); then
        compopt +o default 2>/dev/null
    fi
}

complete -o default -F __flux_complete flux
