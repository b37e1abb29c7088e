"""Tab in a shell completes commands and options."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from poebook.cli import main

_ASK = """
eval "$(cat)"
COMP_WORDS=(poebook {words}); COMP_CWORD={last}; COMP_LINE="poebook {words}"
{function}
echo "${{COMPREPLY[@]}}"
"""


def script(capsys: pytest.CaptureFixture[str], shell: str) -> str:
    assert main(["--print-completion", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("words", "offered"), [("ser", "serve"), ("ch", "chat check"), ("check --js", "--json")])
def test_bash_offers_what_there_is(capsys: pytest.CaptureFixture[str], words: str, offered: str) -> None:
    text = script(capsys, "bash")
    function = next(line.split("-F ")[1].split()[0] for line in text.splitlines() if line.startswith("complete "))
    ask = _ASK.format(words=words, last=len(words.split()), function=function)
    done = subprocess.run(["bash", "-c", ask], input=text, capture_output=True, text=True, timeout=30)
    assert done.stdout.split() == offered.split(), done.stderr


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_have_scripts_of_their_own(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    text = script(capsys, shell)
    assert "serve" in text
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=text, text=True, check=True, timeout=30)


def test_an_unknown_shell_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--print-completion", "fish"]) == 2
    assert "bash" in capsys.readouterr().err
