"""Wrong use is one sentence with the next step; the old bot goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

import poebook as fp
from poebook.notebook.commands import VERBS
from tests.notebook.conftest import Notebook

BOT = "def get_response(request): return 'old'"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("%%poebot steady\nx = 1", "The cell defines no bot: write a class that subclasses fp.PoeBot"),
        ("%%poebot steady\nfrom poebook import PoeBot", "The cell defines no bot"),
        ("%%poebot steady\nclass A:\n    def get_response(self, request): return ''", "class A(fp.PoeBot)"),
        ("%%poebot steady\nfp.PoeBot", "make an instance of it: PoeBot()"),
        (f"%%poebot\n{BOT}", "A bot made of functions needs a name: %%poebot NAME."),
        (f"%%poebot a/b\n{BOT}", "'a/b' cannot be a bot's name"),
        (f"%%poebot ..\n{BOT}", "'..' cannot be a bot's name"),
        (f"%%poebot steady --path x\n{BOT}", "'x' cannot be a bot's path"),
        (f"%%poebot steady --key abc\n{BOT}", "has 3 characters, but a bot's key at Poe has 32"),
        (f"%%poebot steady --key $NOT_SET\n{BOT}", "NOT_SET is not set"),
        (f"%%poebot steady --key {'k' * 32} --no-key\n{BOT}", "exclude each other"),
        (f"%%poebot steady --key\n{BOT}", "--key needs a value: --key KEY."),
        (f"%%poebot steady --key --no-chat\n{BOT}", "--key needs a value"),
        (f"%%poebot steady --no-chat=1\n{BOT}", "--no-chat takes no value."),
        (f"%%poebot steady --intro x\n{BOT}", "There is no option --intro. Did you mean --introduction?"),
        (f"%%poebot steady --zzz\n{BOT}", "There is no option --zzz. %%poebot? tells them all."),
        (f'%%poebot steady --introduction "I\n{BOT}', "A quotation mark is not closed"),
        (f"%%poebot steady --introduction I am\n{BOT}", "'am' is one word too many"),
        (f"%%poebot steady --publish ngork\n{BOT}", "There is no provider ngork. Did you mean ngrok?"),
        (f"%%poebot steady --publish somewhere\n{BOT}", "'somewhere' is one word too many"),
        (f"%%poebot steady --help\n{BOT}", "%%poebot? tells all options"),
        ("%%poebot -h\nx = 1", "%%poebot? tells all options"),
        (f"%%poebot steady --key '{'k' * 32} '\n{BOT}", "has a space or a line break before or after"),
        ("%%poebot steady\ndef answer(request): return ''", "answer is a function; a bot's is called get_response"),
        ("%poebot export steady /dev/null/x", "cannot be written (not a directory)"),
        (f"%%poebot steady --publish=ngork\n{BOT}", "Did you mean ngrok?"),
        (f"%%poebot steady --publish --no-key\n{BOT}", "exclude each other"),
        (f"%%poebot steady --publish --url\n{BOT}", "--url needs a value."),
        (f"%%poebot steady --url https://a.example\n{BOT}", "--publish is not there; add it."),
        (f"%%poebot steady --with nobody\n{BOT}", "No bot named nobody is served here."),
        (f"%%poebot steady --with staedy\n{BOT}", "Did you mean steady?"),
        (f"%%poebot other --path /steady\n{BOT}", "/steady is where steady is served"),
        (
            "%%poebot steady\nclass Needy(fp.PoeBot):\n    def __init__(self, model): super().__init__()",
            "Needy needs model when it is made, so make it yourself: Needy(model=...)",
        ),
        ("%%poebot steady\ndef get_response(): return ''", "get_response takes ()"),
        (
            "%%poebot steady\nclass Slip(fp.PoeBot):\n    async def get_reponse(self, request): yield ''",
            "Slip has no get_response, but a get_reponse; rename that to have it answer.",
        ),
        ("%poebot statsu", "There is no %poebot statsu. Did you mean status?"),
        ("%poebot zzz", f"The verbs are {', '.join(VERBS)}."),
        ("%poebot status echo", "takes no 'echo'"),
        ("%poebot stop", "Which bot? %poebot stop NAME | --all. Served here: steady."),
        ("%poebot stop stedy", "No bot named stedy is served here. Did you mean steady?"),
        ("%poebot stop steady other", "'other' is one word too many"),
        ("%poebot logs nobody", "No bot named nobody is served here."),
        ("%poebot logs steady many", "'many' is no number of lines"),
        ("%poebot key", "Which bot?"),
        ("%poebot key steady --old", "There is no option --old"),
        ("%poebot rollback steady", "steady is at version 1 and has no older one to go back to."),
        ("%poebot rollback steady 7", "steady has no version 7; it has 1."),
        ("%poebot rollback steady one", "'one' is no version"),
        ("%poebot ask steady", "Ask whom, and what?"),
        ("%poebot ask nobody hi", "To ask nobody on Poe, set POE_API_KEY"),
        ("%poebot chat", "With whom?"),
        ("%poebot chat nobody", "No bot named nobody is served here."),
        ("%poebot nest maybe", "%poebot nest on|off: it is off now."),
        ("%poebot logs 'steady", "A quotation mark is not closed"),
    ],
)
def test_it_is_told_in_one_sentence(terminal: Notebook, cell: str, says: str) -> None:
    terminal.ok(f"%%poebot steady\n{BOT}")
    assert says in terminal.wrong(cell)
    bot = fp.served()["steady"]
    assert str(bot.ask("hi")) == "old"
    assert bot.version == 1


def test_a_taken_port_is_told(terminal: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_port(*_: object, **__: object) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr("poebook.runtime.server.listening", no_port)
    assert "No port of 127.0.0.1 can be opened" in terminal.wrong(f"%%poebot steady\n{BOT}")


def test_a_bot_of_fastapi_poe_is_known_for_one(terminal: Notebook) -> None:
    terminal.ok("import warnings\nwarnings.simplefilter('ignore')\nimport fastapi_poe as fp")
    sentence = terminal.wrong("%%poebot theirs\nclass Theirs(fp.PoeBot): pass")
    assert "`import poebook as fp`" in sentence


def test_a_cell_that_is_no_bot_has_run_all_the_same(terminal: Notebook) -> None:
    terminal.wrong("%%poebot steady\nx = 1")
    assert terminal.names["x"] == 1


def test_a_wrong_line_is_refused_before_the_cell_runs(terminal: Notebook) -> None:
    terminal.wrong("%%poebot steady --key short\nran = True")
    assert "ran" not in terminal.names


@pytest.mark.parametrize("verb", ["export steady out", "export book.ipynb out", "record steady t.jsonl"])
def test_a_working_folder_that_was_deleted_is_told(
    terminal: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    terminal.ok(f"%%poebot steady\n{BOT}")
    assert "The working folder has been deleted; change to another by %cd DIR" in terminal.wrong(f"%poebot {verb}")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("fp.Conversation('steady').ask(5)", "A question is a str, not int; ask its words, as in str(...)"),
        ("fp.served()['steady'].ask(None)", "A question is a str, not NoneType"),
        ("await fp.Conversation('steady').ask_async(['hi'])", "A question is a str, not list"),
        ("fp.Conversation(fp.PoeBot)", "PoeBot is a class; make an instance of it to ask: PoeBot()."),
        ("fp.Poebot", "module 'poebook' has no attribute 'Poebot'. Did you mean: 'PoeBot'?"),
    ],
)
def test_a_slip_in_python_is_told_with_what_to_write(terminal: Notebook, code: str, says: str) -> None:
    terminal.ok(f"%%poebot steady\n{BOT}")
    cell = terminal.run(code)
    assert cell.error is not None
    assert cell.said[-1].count(says) == 1
    assert "dialogue.py" not in cell.stdout
    assert "targets.py" not in cell.stdout


def test_a_class_that_inherits_how_it_answers_may_have_any_method(terminal: Notebook) -> None:
    terminal.ok("import poebook as fp\nclass Base(fp.PoeBot):\n    async def get_response(self, request): yield 'base'")
    terminal.ok("%%poebot own\nclass Own(Base):\n    def get_responses(self): ...")
    assert str(fp.served()["own"].ask("hi")) == "base"


def test_a_class_that_answers_by_another_method_may_have_any_method(terminal: Notebook) -> None:
    terminal.ok(
        "%%poebot own\nimport poebook as fp\nclass Own(fp.PoeBot):\n"
        "    async def get_response_with_context(self, request, context):\n"
        "        async for text in self._get_response(request): yield text\n"
        "    async def _get_response(self, request): yield 'mine'"
    )
    assert str(fp.served()["own"].ask("hi")) == "mine"
