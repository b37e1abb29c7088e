"""What handlers print and log goes to their bot's journal and nowhere else."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import poebook as fp
from poebook.runtime import output
from poebook.runtime.journal import Journal
from poebook.runtime.registry import stop_all
from tests.runtime.asking import Says


class Talks(fp.PoeBot):
    """Does what it is told before it answers."""

    def __init__(self, work: Any) -> None:  # a function without arguments
        super().__init__()
        self.work = work

    async def get_response(self, request: fp.QueryRequest) -> Any:
        self.work()
        yield "done"


@dataclass
class Streams:
    """Streams in the place of stdout and stderr, as a front end's, and no handlers but those of the test."""

    stdout: io.StringIO = field(default_factory=io.StringIO)
    stderr: io.StringIO = field(default_factory=io.StringIO)

    @property
    def shown(self) -> tuple[str, str]:
        return self.stdout.getvalue(), self.stderr.getvalue()


@contextmanager
def streams() -> Iterator[Streams]:
    # No fixture: pytest puts streams of its own in place between a fixture and its test.
    made = Streams()
    handlers, logging.root.handlers[:] = logging.root.handlers[:], []
    with redirect_stdout(made.stdout), redirect_stderr(made.stderr):
        try:
            yield made
        finally:
            stop_all()
    logging.root.handlers[:] = handlers


def told(work: Any) -> list[tuple[str, str]]:
    """What is in the log of a bot whose handler does *work*."""
    bot = fp.serve(Talks(work), "talks")
    assert bot.ask("hi").text == "done"
    lines = [(line.source, line.text) for line in bot.journal.lines]
    bot.stop()
    return lines


def test_prints_go_to_the_log_and_not_to_the_cell() -> None:
    with streams() as shown:

        def work() -> None:
            print("one", "two")
            print("three", end="")
            print(" four", file=sys.stderr)
            sys.stdout.writelines(["five\n", "six"])
            sys.stdout.flush()

        assert told(work) == [("stdout", "one two"), ("stderr", " four"), ("stdout", "threefive"), ("stdout", "six")]
        assert shown.shown == ("", "")


def test_everybody_else_writes_where_they_always_did() -> None:
    with streams() as shown:
        fp.serve(Says(), "says")
        print("from a cell")
        print("trouble", file=sys.stderr)
        assert shown.stdout.getvalue() == "from a cell\n"
        assert shown.stderr.getvalue() == "trouble\n"


def test_nothing_is_in_the_streams_way_when_nothing_is_served() -> None:
    with streams() as shown:
        handlers = list(logging.root.handlers)
        with fp.serve(Says(), "one"), fp.serve(Says(), "two"):
            assert sys.stdout is not shown.stdout
        assert sys.stdout is shown.stdout
        assert sys.stderr is shown.stderr
        assert logging.root.handlers == handlers


def test_log_records_go_to_the_log_once_whatever_handlers_there_are() -> None:
    with streams() as shown:
        own, root = logging.getLogger("author.own"), logging.StreamHandler(shown.stderr)
        direct = logging.StreamHandler(shown.stdout)
        logging.root.addHandler(root)
        own.addHandler(direct)
        try:
            lines = told(lambda: own.warning("%d left", 3))
            own.warning("from a cell")
        finally:
            logging.root.removeHandler(root)
            own.removeHandler(direct)
        assert lines == [("warning", "author.own: 3 left")]
        assert shown.stdout.getvalue() == shown.stderr.getvalue() == "from a cell\n"


def test_a_handler_added_while_bots_are_served_is_seen_to() -> None:
    with streams() as shown:
        bot = fp.serve(Talks(lambda: logging.getLogger("late").error("once")), "talks")
        late = logging.StreamHandler(sys.stderr)
        logging.root.addHandler(late)
        try:
            bot.ask("hi")
        finally:
            logging.root.removeHandler(late)
        assert [line.text for line in bot.journal.lines] == ["late: once"]
        assert shown.stderr.getvalue() == ""


def test_a_record_that_cannot_be_formatted_does_no_harm() -> None:
    with streams():
        ((source, text),) = told(lambda: logging.getLogger("slip").warning("%d", "no number"))
        assert source == "warning"
        assert "could not be formatted" in text


def test_exceptions_in_records_are_there_too() -> None:
    with streams() as shown:

        def work() -> None:
            try:
                dict[str, int]()["lisbon"]
            except KeyError:
                logging.getLogger("author").exception("looked in vain")

        text = "\n".join(line for _, line in told(work))
        assert "author: looked in vain\nTraceback" in text
        assert "KeyError: 'lisbon'" in text
        assert shown.stderr.getvalue() == ""


def test_what_a_blocking_handler_prints_in_its_thread_is_there() -> None:
    with streams() as shown:

        class Blocking(fp.PoeBot):
            def get_response(self, request: fp.QueryRequest) -> Any:
                print("in", threading.current_thread().name != "MainThread", end="")
                return "done"

        bot = fp.serve(Blocking(), "blocking")
        bot.ask("hi")
        assert [line.text for line in bot.journal.lines] == ["in True"]
        assert shown.stdout.getvalue() == ""


def test_two_bots_have_two_logs() -> None:
    with streams():
        one, two = fp.serve(Talks(lambda: print("one")), "one"), fp.serve(Talks(lambda: print("two")), "two")
        fp.Conversation("one", "two").ask("hi")
        assert [line.text for line in one.journal.lines] == ["one"]
        assert [line.text for line in two.journal.lines] == ["two"]


def test_a_replaced_write_shows_what_cells_write_and_nothing_of_handlers() -> None:
    with streams() as shown:
        # IPython replaces `write` while a cell runs, to keep what is written in its history.
        bot = fp.serve(Talks(lambda: print("by a handler")), "talks")
        original, seen = sys.stdout.write, []

        def tee(text: str) -> int:
            seen.append(text)
            return original(text)

        sys.stdout.write = tee  # type: ignore[method-assign]
        print("by a cell", end="")
        bot.ask("hi")
        sys.stdout.write = original  # type: ignore[method-assign]
        print(" and after")
        assert "".join(seen) == "by a cell"
        assert shown.stdout.getvalue() == "by a cell and after\n"
        assert [line.text for line in bot.journal.lines] == ["by a handler"]


def test_other_attributes_are_the_streams_own() -> None:
    with streams() as shown:
        fp.serve(Says(), "says")
        sys.stdout.parent_header = "cell 1"  # type: ignore[union-attr]  # as ipykernel does
        assert shown.stdout.parent_header == "cell 1"  # type: ignore[attr-defined]
        assert sys.stdout.isatty() is False


def test_a_journal_forgets_the_oldest_lines() -> None:
    journal = Journal()
    for number in range(2500):
        journal.note("stdout", str(number))
    assert [line.text for line in journal.lines][::1999] == ["500", "2499"]


def test_a_progress_bar_leaves_its_last_state() -> None:
    journal = Journal()
    with output.written_to(journal):
        output.install()
        try:
            print("10 %\r20 %\r100 %")
        finally:
            output.uninstall()
    assert [line.text for line in journal.lines] == ["100 %"]


def test_logging_outside_handlers_goes_on_as_if_nothing_were_served() -> None:
    program = """
        import logging
        import poebook as fp

        with fp.serve(fp.PoeBot(), "quiet", port=0):
            logging.getLogger("mine").warning("before any configuration")
            logging.basicConfig(level=logging.INFO, format="configured: %(message)s")
            logging.info("after it")
        """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60)
    assert "before any configuration" in done.stderr
    assert "configured: after it" in done.stderr
