"""How an answer came about: what was sent, every event with its time, what the handler wrote. Data, without a key."""

from __future__ import annotations

import contextlib
import json
import shlex
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict
from urllib.parse import urlsplit, urlunsplit

from poebook.client.answer import Answer, AnswerError
from poebook.client.events import STREAM_HEADERS
from poebook.client.nested import Heard
from poebook.client.refusals import masked
from poebook.client.targets import CallState, Target
from poebook.client.turns import ErrorState, FaultState
from poebook.faults import Fault

MASKED = "Bearer ••••"
COLUMNS = ("turn", "target", "answer", "n", "event", "s", "text", "data")
_KEYS = ("access_key", "api_key")


class EventState(TypedDict):
    """An event as it travelled; ``n`` counts from 1, ``s`` is in seconds since the question was sent."""

    n: int
    name: str
    data: str
    s: float


class LineState(TypedDict):
    s: float | None
    text: str


class TraceState(TypedDict):
    """Everything about one answer; ``events`` begin with the one numbered ``from``. Times are in seconds."""

    target: str
    where: str
    method: str
    url: str
    headers: dict[str, str]
    body: str
    curl: str
    status: int | None
    events: list[EventState]
    log: list[LineState]
    fault: FaultState | None
    first_event_s: float | None
    total_s: float | None
    calls: list[CallState]


class Asked:
    """One request: who was asked what, and when. ``status`` is HTTP's, None as long as none is known.

    ``heard`` has the questions to other bots that its handler put meanwhile, where it runs in this process.

    >>> asked = Asked(Target("echo", "echo", "", "http://127.0.0.1:8080/echo", "local"), b"{}" * 1000)
    >>> asked.pack()
    >>> asked.body == b"{}" * 1000
    True
    """

    def __init__(self, target: Target, body: bytes) -> None:
        self.target = target
        self.at = datetime.now()
        self.status: int | None = None
        self.heard = Heard()
        self._kept: tuple[bytes, bool] = body, False  # with whether it is packed; set as one, for other threads

    @property
    def body(self) -> bytes:
        """The body as it was sent."""
        kept, is_packed = self._kept
        return zlib.decompress(kept) if is_packed else kept

    def pack(self) -> None:
        """Take less room: each request repeats the whole conversation, and all are kept."""
        kept, is_packed = self._kept
        if not is_packed:
            self._kept = zlib.compress(kept, 1), True


def trace(asked: Asked, answer: Answer, start: int = 1, *, brief: bool = False) -> dict[str, Any]:
    """A ``TraceState`` with its ``from``; the events from number *start* on. *brief* leaves body and curl empty."""
    target = asked.target
    body = "" if brief else shown_body(asked.body, target.key)
    return {
        "target": answer.target,
        "where": target.where,
        "method": "POST",
        "url": _shown_url(target.url),
        "headers": _headers(target),
        "body": body,
        "curl": "" if brief else curl(target, body),
        "status": asked.status,
        "from": start,
        "events": _events(answer, start, target.key),
        "log": _log(asked, answer),
        "fault": fault_state(target.fault(answer.message_id) if target.fault else None),
        "first_event_s": answer.first_event_s,
        "total_s": answer.total_s,
        "calls": target.calls(answer.message_id) if target.calls else [],
    }


def untraced(answer: Answer, start: int = 1) -> dict[str, Any]:
    """The trace of an answer whose request is not known any more, as of a conversation that was loaded."""
    return {
        "target": answer.target,
        "where": "",
        "method": "POST",
        "url": "",
        "headers": {},
        "body": "",
        "curl": "",
        "status": None,
        "from": start,
        "events": _events(answer, start),
        "log": [],
        "fault": fault_state(answer.error.fault if answer.error else None),
        "first_event_s": answer.first_event_s,
        "total_s": answer.total_s,
        "calls": [],
    }


def curl(target: Target, body: str) -> str:
    """The request as a command for a shell; the key comes from the environment.

    >>> target = Target("echo", "echo", "", "http://127.0.0.1:8080/echo", "local", key="secret")
    >>> print(curl(target, '{"type": "query"}'))
    curl -N http://127.0.0.1:8080/echo \\
      -H "Authorization: Bearer $POE_ACCESS_KEY" \\
      -H 'content-type: application/json' \\
      -H 'accept: text/event-stream' \\
      --data-raw '{"type": "query"}'
    """
    variable = "POE_API_KEY" if target.kind == "poe" else "POE_ACCESS_KEY"
    lines = [f"curl -N {shlex.quote(_shown_url(target.url))}"]
    lines += [f'-H "Authorization: Bearer ${variable}"'] if target.key else []
    lines += ["-H 'content-type: application/json'", "-H 'accept: text/event-stream'"]
    lines += [f"--data-raw {shlex.quote(body)}"]
    note = f"# {target.name} is asked in this process; serve it, and put its URL here.\n" if target.app else ""
    return note + " \\\n  ".join(lines)


def shown_body(body: bytes, key: str | None) -> str:
    """A request's body to be read and edited: indented JSON without keys; what is no JSON stays as it is.

    >>> shown_body(b'{"api_key": "secret"}', None)
    '{\\n "api_key": "••••"\\n}'
    """
    text = body.decode("utf-8", "replace")
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return masked(text, key)
    if isinstance(parsed, dict):
        parsed |= {name: "••••" for name in _KEYS if parsed.get(name)}
    return masked(json.dumps(parsed, ensure_ascii=False, indent=1), key)


def fault_state(fault: Fault | None) -> FaultState | None:
    """A fault as JSON."""
    if fault is None:
        return None
    return {"summary": fault.summary, "cell": fault.cell, "line": fault.line, "traceback": fault.traceback}


def error_state(error: AnswerError | None) -> ErrorState | None:
    """An error as JSON."""
    if error is None:
        return None
    fault = fault_state(error.fault)
    return {"title": error.title, "text": error.text, "allow_retry": error.allow_retry, "fault": fault}


def error_of(state: ErrorState) -> AnswerError:
    """An error from its JSON."""
    fault = None if state["fault"] is None else Fault(**state["fault"])
    return AnswerError(state["title"], state["text"], state["allow_retry"], fault)


def rows(answers: Iterable[tuple[int, Answer]]) -> list[dict[str, Any]]:
    """A row for each event of some answers, each answer with the number of its turn.

    >>> from poebook.client.answer import AnswerEvent
    >>> event = AnswerEvent("text", {"text": "hi"}, 0.1, "echo")
    >>> rows([(0, Answer(target="echo", message_id="m-1", events=[event]))])[0]["text"]
    'hi'
    """
    return [
        {
            "turn": turn,
            "target": answer.target,
            "answer": answer.message_id,
            "n": n,
            "event": event.name,
            "s": event.s,
            "text": event.text,
            "data": event.data,
        }
        for turn, answer in answers
        for n, event in enumerate(answer.events, 1)
    ]


def lines(trace: Mapping[str, Any], answer: Answer) -> list[str]:
    """A trace as JSON Lines: the request, a line for each event and each line of the log, and how it ended."""
    about = {"target": trace["target"], "answer": answer.message_id}
    request = {name: trace[name] for name in ("where", "method", "url", "headers", "body", "status")}
    with contextlib.suppress(ValueError):
        request["body"] = json.loads(trace["body"])
    end = {name: trace[name] for name in ("first_event_s", "total_s", "fault", "calls")}
    error = answer.error.title if answer.error else None
    every = [
        {"kind": "request", **about, **request},
        *({"kind": "event", **about, **event} for event in trace["events"]),
        *({"kind": "log", **about, **line} for line in trace["log"]),
        {"kind": "end", **about, "state": answer.state, "error": error, "note": answer.note, **end},
    ]
    return [json.dumps(line, ensure_ascii=False) for line in every]


def _events(answer: Answer, start: int, key: str | None = None) -> list[EventState]:
    return [
        {"n": n, "name": event.name, "data": masked(event.raw, key), "s": event.s}
        for n, event in enumerate(answer.events[start - 1 :], start)
    ]


def _log(asked: Asked, answer: Answer) -> list[LineState]:
    target = asked.target
    written = target.log(answer.message_id) if target.log else []
    return [{"s": max(0.0, (at - asked.at).total_seconds()), "text": masked(text, target.key)} for at, text in written]


def _headers(target: Target) -> dict[str, str]:
    key = {"authorization": MASKED} if target.key else {}
    return {"content-type": "application/json", **STREAM_HEADERS, **key}


def _shown_url(url: str) -> str:
    """*url* without what may be a password in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
