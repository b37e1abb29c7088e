"""The command: rounds in which everybody has a turn, a table and a file."""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import kept, manual
from tests.bench.page import ours, rivals, urgency
from tests.bench.page.goals import rest, table
from tests.browser import chromium
from tests.browser import lab as jupyter
from tests.browser.desk import opened
from tests.runner.places import ROOT

_BUNDLE = ROOT / "poebook" / "widget" / "static" / "chat.js"


def main(arguments: list[str]) -> int:
    """Measure; 0 when each goal is reached, else 1."""
    options = _parser().parse_args(arguments)
    urgency.share()
    rounds: list[dict[str, float]] = []
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lab = stack.enter_context(jupyter.running(home / "home"))
        browser = stack.enter_context(chromium.running())
        about = {"chromium": browser.version, "python": platform.python_version()}
        if options.rivals:
            about |= rivals.versions()
        print(", ".join(f"{name} {version}" for name, version in about.items()), flush=True)
        others = stack.enter_context(rivals.running(browser)) if options.rivals else None
        notebook = stack.enter_context(ours.opened(stack.enter_context(opened(browser, lab))))
        works = [notebook.floor, notebook.burst, notebook.short, notebook.paced, notebook.long]
        for number in range(-1, options.rounds):  # the first round warms up and does not count
            turn = (number + 1) % len(works)
            figures = {"bundle, kB": _BUNDLE.stat().st_size / 1000}
            for work in works[turn:] + works[:turn]:
                figures |= work()
            if others is not None and 0 <= number < options.rivals:
                figures |= _others(others)
            print(json.dumps({name: round(value, 3) for name, value in figures.items()}), flush=True)
            rounds += [figures] if number >= 0 else []
    text, missed = table(rounds)
    print(f"\n{text}\n\nThe figures themselves\n{rest(rounds)}")
    if options.keep:
        manual.write(kept.put_chat(rounds, about))
    if options.json:
        report = {"when": datetime.now(UTC).isoformat(timespec="seconds"), "about": about, "rounds": rounds}
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    return 1 if missed else 0


def _others(others: rivals.Rivals) -> dict[str, float]:
    """What each takes for 2,000 events; where a library has two forms, the faster one counts."""
    took = {form.name: others.ask(form, 2000).took for form in rivals.FORMS}
    best = {who: min(s for name, s in took.items() if name.startswith(who)) for who in ("gradio", "Panel")}
    return {**{f"{name}, s": s for name, s in took.items()}, **{f"{who}, s": s for who, s in best.items()}}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m tests.bench.page",
        description="Measure the chat in a real JupyterLab and Chromium, beside raw text, gradio and Panel.",
        epilog="On a machine that does other things too: setsid -w nice -n -12 python3 -m tests.bench.page",
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count (default %(default)s)")
    parser.add_argument(
        "--rivals", type=int, default=1, help="rounds with gradio and Panel, some minutes each (default %(default)s)"
    )
    parser.add_argument("--keep", action="store_true", help="put the figures into the manual's page on speed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every round")
    return parser
