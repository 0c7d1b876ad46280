# PowerShell completion for flux: asks flux itself what may follow.

Register-ArgumentCompleter -Native -CommandName 'flux' -ScriptBlock {
    param($WordToComplete, $CommandAst, $CursorPosition)

    # The words before the cursor. An empty word must survive the way to a native program, which older shells do not manage by themselves.
    $Line = $CommandAst.ToString()
    if ($Line.Length -gt $CursorPosition) { $Line = $Line.Substring(0, $CursorPosition) }
    $Words = @($CommandAst.CommandElements | Where-Object { $_.Extent.EndOffset -le $CommandAst.Extent.StartOffset + $Line.Length } |
        ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.ToString() } })
    $Program = $Words[0]
    $Before = @($Words | Select-Object -Skip 1)
    if ($WordToComplete -ne '' -and $Before.Count -gt 0) { $Before = @($Before | Select-Object -SkipLast 1) }
    $Typed = $WordToComplete
    if ($Typed -eq '' -and $PSVersionTable.PSVersion -lt [version]'7.3.0') { $Typed = '""' }

    $Answer = @(& $Program __complete @Before $Typed 2>$null)
    if ($Answer.Count -eq 0 -or $Answer[-1] -notmatch '^:\d+$') { return }
    $Directive = [int]$Answer[-1].Substring(1)
    if ($Directive -band 1) { return }

    # --flag=value: candidates are values, PowerShell replaces the whole word
    $Flag = ''
    if ($WordToComplete -match '^(-[^=]*=)') { $Flag = $Matches[1] }
    $End = if ($Directive -band 2) { '' } else { ' ' }
    $Candidates = @($Answer | Select-Object -SkipLast 1)
    foreach ($Candidate in $Candidates) {
        $Name, $About = $Candidate.Split("`t", 2)
        if (-not $About) { $About = $Name }
        $Text = $Flag + $Name
        if ($Name -match '[^-A-Za-z0-9_.,:=/@%+]') { $Text = $Flag + "'" + $Name.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($Text + $End, $Name, 'ParameterValue', $About)
    }
    if ($Candidates.Count -eq 0 -and -not ($Directive -band 4)) { return }
    if ($Candidates.Count -eq 0) { '' }
}
