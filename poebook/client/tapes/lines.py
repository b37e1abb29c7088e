"""A tape's lines, and back: JSON, one thing a line, each begun by what it is.

::

    {"tape": 1, "target": "orrery"}
    {"turn": 1, "target": "orrery", "at": "2026-07-01T12:00:00", "request": {"query": [...], ...}}
    {"file": "http://...", "name": "tides.csv", "content_type": "text/csv", "size": 7, "base64": "..."}
    {"call": "GPT-5", "request": {...}}
    {"call_event": "text", "s": 0.2, "data": {"text": "half full"}}
    {"call_end": "done", "s": 0.3}
    {"event": "text", "s": 0.4, "data": {"text": "The moon is half full."}}
    {"end": "done", "s": 0.5}
    {"feedback": "like", "answer": "m-..."}

A request leaves out its first messages where they are those of the request before to the same bot; ``before`` says how
many those are. Of each message it leaves out what is as ever.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from poebook.client.refusals import masked
from poebook.client.tapes.tape import FORMAT, Tape, TapeCall, TapeEvent, TapeFile, TapeTurn
from poebook.protocol import Attachment, ProtocolMessage

Line = dict[str, Any]


class TapeLines:
    """Writes turns one after the other; knows the request before, of which the next one leaves out what is the same.

    >>> turn = TapeTurn("echo", {"query": [{"role": "user", "content": "hi"}]}, [TapeEvent("done", "{}", 0.1)])
    >>> for line in TapeLines().turn(turn):
    ...     print(line)
    {"turn": 1, "target": "echo", "request": {"query": [{"role": "user", "content": "hi"}]}}
    {"event": "done", "s": 0.1, "data": {}}
    {"end": "done"}
    """

    def __init__(self, turns: Iterable[TapeTurn] = ()) -> None:
        self._count = 0
        self._before: dict[str, list[Any]] = {}
        for turn in turns:
            self._known(turn)

    def turn(self, turn: TapeTurn) -> list[str]:
        """The lines of the next turn."""
        before = self._before.get(turn.target, [])
        request = slim(turn.request)
        query = request.get("query")
        same = _common(before, query) if isinstance(query, list) else 0
        self._known(turn)
        head: Line = {"turn": self._count, "target": turn.target}
        head |= {"at": turn.at} if turn.at else {}
        if same:
            head["before"] = same
            request["query"] = request["query"][same:]
        every = [{**head, "request": request}]
        every += [_file(file) for file in turn.files]
        for call in turn.calls:
            every += _call(call)
        every += [_event("event", event) for event in turn.events]
        every.append(_end("end", turn.end, turn.total_s, turn.error, None))
        if turn.feedback is not None or turn.reactions:
            every.append(opinion(turn.id, turn.feedback, turn.reason, turn.reactions))
        return [_without_keys(written(line)) for line in every]

    def _known(self, turn: TapeTurn) -> None:
        self._count += 1
        query = slim(turn.request).get("query")
        self._before[turn.target] = query if isinstance(query, list) else []


def head(tape: Tape) -> str:
    """The first line."""
    line: Line = {"tape": FORMAT}
    line |= {"target": tape.target} if tape.target else {}
    line |= {"compare": tape.compare} if tape.compare != "strict" else {}
    line |= {"matchers": tape.matchers} if tape.matchers is not None else {}
    return written(line)


def opinion(answer: str, feedback: str | None, reason: str | None, reactions: Iterable[str]) -> Line:
    """What the asker said of an answer."""
    line: Line = {"feedback": feedback, "answer": answer}
    line |= {"reason": reason} if reason else {}
    return line | ({"reactions": list(reactions)} if reactions else {})


def written(line: Line) -> str:
    """A line, without its end; ASCII where half a surrogate pair, as text that was cut has it, allows nothing else."""
    text = json.dumps(line, ensure_ascii=False)
    return text if text.isprintable() or text.encode("utf-8", "replace").decode() == text else json.dumps(line)


def _without_keys(text: str) -> str:
    """*text* without the keys of the environment, which a bot may have said; its own was masked before."""
    for name in ("POE_API_KEY", "POE_ACCESS_KEY"):
        text = masked(text, os.environ.get(name))
    return text


def turns_in(lines: Iterator[Line]) -> list[TapeTurn]:
    """The turns of a tape without its first line. Raises ValueError, LookupError or TypeError where it is none."""
    turns: list[Line] = []
    before: dict[str, list[Any]] = {}
    for line in lines:
        if "turn" in line:
            target, request = str(line["target"]), dict(line["request"])
            if line.get("before"):
                request["query"] = [*before[target][: line["before"]], *request["query"]]
            query = request.get("query")
            before[target] = query if isinstance(query, list) else []
            turns.append({"target": target, "at": line.get("at", ""), "request": whole(request)})
            turns[-1] |= {"events": [], "calls": [], "files": [], "end": "stopped"}  # a crash leaves no end
        elif "feedback" in line:
            _opinion(turns, line)
        else:
            _PARTS[next(iter(line), "")](turns[-1], line)
    return [_turn(turn) for turn in turns]


def slim(request: Mapping[str, Any]) -> Line:
    """A request whose messages leave out what is as ever."""
    kept = dict(request)
    query = kept.get("query")
    if isinstance(query, list):
        kept["query"] = [_slim(message) for message in query]
    return kept


def whole(request: Mapping[str, Any]) -> Line:
    """What ``slim`` made of a request, made whole again."""
    query = request.get("query")
    if not isinstance(query, list):
        return dict(request)
    return {**request, "query": [_whole(message) for message in query]}


@cache
def _as_ever() -> Line:
    message = ProtocolMessage(role="user", content="").model_dump(mode="json")
    return {name: value for name, value in message.items() if name not in ("role", "content")}


@cache
def _file_as_ever() -> Line:
    file = Attachment(url="", content_type="", name="").model_dump(mode="json")
    return {name: value for name, value in file.items() if value is None}


def _whole(message: Any) -> Any:
    if not isinstance(message, dict):
        return message
    message = {**_as_ever(), **message}
    if isinstance(message["attachments"], list):
        files = message["attachments"]
        message["attachments"] = [{**_file_as_ever(), **one} if isinstance(one, dict) else one for one in files]
    return message


def _slim(message: Any) -> Any:
    if not isinstance(message, dict):
        return message
    ever = _as_ever()
    kept = {name: value for name, value in message.items() if name not in ever or value != ever[name]}
    if isinstance(kept.get("attachments"), list):
        kept["attachments"] = [_slim_file(file) for file in kept["attachments"]]
    return kept


def _slim_file(file: Any) -> Any:
    if not isinstance(file, dict):
        return file
    return {name: value for name, value in file.items() if value is not None or name not in _file_as_ever()}


def _common(before: list[Any], now: list[Any]) -> int:
    """How many messages two lists begin with alike; never all of the second one."""
    pairs = zip(before, now[:-1], strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(before), len(now) - 1))


def _file(file: TapeFile) -> Line:
    line: Line = {"file": file.url, "name": file.name, "content_type": file.content_type}
    line |= {"size": file.size} if file.size is not None else {}
    return line | ({"base64": base64.b64encode(file.data).decode()} if file.data is not None else {})


def _call(call: TapeCall) -> list[Line]:
    return [
        {"call": call.bot, "request": slim(call.request)},
        *(_event("call_event", event) for event in call.events),
        _end("call_end", call.end, call.total_s, call.error, call.status),
    ]


def _event(kind: str, event: TapeEvent) -> Line:
    line: Line = {kind: event.name, "s": round(event.s, 4)}
    parsed = event.parsed
    return line | ({"raw": event.data} if isinstance(parsed, str) else {"data": parsed})


def _end(kind: str, end: str, s: float | None, error: str | None, status: int | None) -> Line:
    line: Line = {kind: end}
    line |= {"s": round(s, 4)} if s is not None else {}
    line |= {"error": error} if error else {}
    return line | ({"status": status} if status is not None else {})


def _read_file(turn: Line, line: Line) -> None:
    data = base64.b64decode(line["base64"]) if "base64" in line else None
    turn["files"].append(TapeFile(line["file"], line["name"], line["content_type"], line.get("size"), data))


def _read_call(turn: Line, line: Line) -> None:
    turn["calls"].append({"bot": line["call"], "request": whole(line["request"]), "events": [], "end": "stopped"})


def _read_call_event(turn: Line, line: Line) -> None:
    turn["calls"][-1]["events"].append(_read_event_of(line, "call_event"))


def _read_call_end(turn: Line, line: Line) -> None:
    turn["calls"][-1] |= {"end": line["call_end"], "error": line.get("error"), "status": line.get("status")}
    turn["calls"][-1]["total_s"] = line.get("s", 0.0)


def _read_event(turn: Line, line: Line) -> None:
    turn["events"].append(_read_event_of(line, "event"))


def _read_end(turn: Line, line: Line) -> None:
    turn |= {"end": line["end"], "error": line.get("error"), "total_s": line.get("s")}


def _opinion(turns: list[Line], line: Line) -> None:
    for turn in turns:
        if turn["request"].get("message_id") == line["answer"]:
            turn |= {"feedback": line["feedback"], "reason": line.get("reason")}
            turn["reactions"] = list(line.get("reactions", ()))


def _read_event_of(line: Line, kind: str) -> TapeEvent:
    data = line["raw"] if "raw" in line else json.dumps(line["data"], ensure_ascii=False)
    return TapeEvent(str(line[kind]), data, float(line.get("s", 0.0)))


def _turn(turn: Line) -> TapeTurn:
    return TapeTurn(**{**turn, "calls": [TapeCall(**call) for call in turn["calls"]]})


_PARTS = {
    "file": _read_file,
    "call": _read_call,
    "call_event": _read_call_event,
    "call_end": _read_call_end,
    "event": _read_event,
    "end": _read_end,
}
