"""What handlers print and log goes to their bot's journal, never into whichever cell happens to run."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from poebook.runtime.journal import Journal, Pen

_current: ContextVar[Pen | None] = ContextVar("poebook_pen", default=None)


@contextmanager
def written_to(journal: Journal, message_id: str = "") -> Iterator[None]:
    """What is printed and logged inside goes to *journal*; also in tasks and ``asyncio.to_thread`` begun inside.

    ``message_id`` is that of the answer in the making.
    """
    _see_to_what_is_new()
    pen = Pen(journal, message_id)
    token = _current.set(pen)
    try:
        yield
    finally:
        pen.flush()
        with contextlib.suppress(ValueError):  # ended in another context, which never had it
            _current.reset(token)


class Switch:
    """A stream that writes to the journal of the bot whose handler writes, else where it always went.

    ``write`` may be replaced, as IPython does while a cell runs; what handlers write goes past the replacement.
    """

    _name: str
    _original: Any  # whatever stood for the stream
    _replaced: Any  # the write that was put in the place of the original's

    def __init__(self, name: str, original: Any) -> None:
        vars(self).update(_name=name, _original=original, _replaced=None)

    @property
    def write(self) -> Callable[[str], int]:
        pen = _current.get()
        if pen is not None:
            return lambda text: self._keep(pen, text)
        write: Callable[[str], int] = self._replaced or self._original.write
        return write

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    @property
    def flush(self) -> Callable[[], None]:
        flush: Callable[[], None] = self._original.flush if _current.get() is None else lambda: None
        return flush

    def _keep(self, pen: Pen, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        pen.write(self._name, text)
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "write":
            vars(self)["_replaced"] = None if value == self._original.write else value
        elif hasattr(type(self), name):
            vars(self)[name] = value
        else:
            setattr(self._original, name, value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._original)


class _Aside(logging.Filter):
    """Keeps what handlers log away from the streams that cells show."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _keep(record)


def _keep(record: logging.LogRecord) -> bool:
    """Whether a handler made the record; then it is in its bot's journal, once."""
    pen = _current.get()
    if pen is None:
        return False
    if not getattr(record, "_poebook_kept", False):
        record._poebook_kept = True
        pen.journal.record(record, pen.message_id)
    return True


class _Factory:
    """Makes log records, and keeps those that handlers make.

    A handler on the root logger would keep them too, but with one there ``logging.basicConfig`` does nothing and
    warnings of a cell are no longer shown.
    """

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self.make = make

    def __call__(self, *arguments: Any, **named: Any) -> logging.LogRecord:  # as logging calls it
        record = self.make(*arguments, **named)
        _keep(record)
        return record


_lock = threading.Lock()
_aside = _Aside()
_switches: dict[str, Switch] = {}
_installed = False


def install() -> None:
    """Put the switches in place; done already, only what has been put in their way since is seen to."""
    global _installed
    with _lock:
        _put_switches()
        if not isinstance(logging.getLogRecordFactory(), _Factory):
            logging.setLogRecordFactory(_Factory(logging.getLogRecordFactory()))
        for reference in list(getattr(logging, "_handlerList", [])):  # loggers of all names, not only the root
            _hold_back(reference())
        _installed = True


def uninstall() -> None:
    """Leave everything as it was found."""
    global _installed
    with _lock:
        for name, switch in _switches.items():
            if getattr(sys, name) is switch:
                setattr(sys, name, switch._original)
        _switches.clear()
        factory = logging.getLogRecordFactory()
        if isinstance(factory, _Factory):
            logging.setLogRecordFactory(factory.make)
        for reference in list(getattr(logging, "_handlerList", [])):
            handler = reference()
            if handler is not None:
                handler.removeFilter(_aside)
        _installed = False


def _see_to_what_is_new() -> None:
    """Streams and handlers may have been put in place since, by a cell that captures its output for one."""
    if not _installed:
        return
    if not (isinstance(sys.stdout, Switch) and isinstance(sys.stderr, Switch)):
        with _lock:
            _put_switches()
    for handler in logging.root.handlers:
        _hold_back(handler)


def _put_switches() -> None:
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, Switch):
            _switches[name] = Switch(name, stream)
            setattr(sys, name, _switches[name])


def _hold_back(handler: logging.Handler | None) -> None:
    stream = getattr(handler, "stream", None)
    if handler is None or stream is None or _aside in handler.filters:
        return
    originals = [switch._original for switch in _switches.values()]
    if isinstance(stream, Switch) or any(stream is one for one in (*originals, sys.__stdout__, sys.__stderr__)):
        handler.addFilter(_aside)
