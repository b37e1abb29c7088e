"""How far an evaluation is: tqdm's bar where it is installed, else one of our own; only where somebody looks on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

_CELLS = 30

Step = Callable[[str], None]  # told with each answer whom it came from


@contextmanager
def progress(total: int, wanted: bool | None) -> Iterator[Step]:
    """A bar on stderr for as long as the block runs; *wanted* None shows it in terminals and notebooks."""
    if not (_is_looked_at() if wanted is None else wanted):
        yield lambda name: None
        return
    bar = _tqdm(total) or _Plain(total)
    try:
        yield bar.step
    finally:
        bar.close()


def _is_looked_at() -> bool:
    return sys.stderr is not None and (sys.stderr.isatty() or "ipykernel" in sys.modules)


class _Plain:
    """One line that is written again and again."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._write("")

    def step(self, name: str) -> None:
        self._done += 1
        self._write(name)

    def _write(self, name: str) -> None:
        full = _CELLS * self._done // max(self._total, 1)
        bar = "#" * full + "." * (_CELLS - full)
        sys.stderr.write(f"\r[{bar}] {self._done}/{self._total} {name[:20]:<20}")
        sys.stderr.flush()

    def close(self) -> None:
        sys.stderr.write("\n")
        sys.stderr.flush()


class _Tqdm:
    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def step(self, name: str) -> None:
        self._bar.set_postfix_str(name, refresh=False)
        self._bar.update()

    def close(self) -> None:
        self._bar.close()


def _tqdm(total: int) -> _Tqdm | None:
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where a notebook has no widgets, and shows text there
            return _Tqdm(import_module("tqdm.auto").tqdm(total=total, unit="answer"))
    except ImportError:
        return None
