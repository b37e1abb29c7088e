"""The two servers, and how they are asked: the same bytes to each."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx

from tests.parity.bots.keys import KEY
from tests.parity.standin import StandIn

LIBRARIES = ("fastapi_poe", "poebook")
PATIENCE = 30.0
IDS = {"message_id": "m-1", "user_id": "u-1", "conversation_id": "c-1"}
_OF_THE_MOMENT = {"date", "server"}


@dataclass(frozen=True)
class Ask:
    """One request: to which bot, and what. The body is sent as JSON, or as it is when it is bytes."""

    path: str
    body: Any = None
    key: str | None = KEY
    method: str = "POST"
    headers: dict[str, str | bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back. Headers of the moment are left out, and the server's own address is `HOST`."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def events(self) -> list[tuple[str, Any]]:
        """The events of the stream, their data parsed where they are JSON."""
        found = []
        for block in self.body.decode().split("\r\n\r\n"):
            lines = [line.partition(": ") for line in block.split("\r\n") if line]
            fields = {name: value for name, _, value in lines if name}
            if fields:
                found.append((fields.get("event", ""), json.loads(fields["data"])))
        return found

    @property
    def text(self) -> str:
        """What is shown in the end."""
        words = ""
        for name, data in self.events:
            if name == "replace_response":
                words = data["text"]
            elif name == "text":
                words += data["text"]
        return words

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def masked(self, pattern: str, mark: str) -> Answer:
        """The same with something random out of the body."""
        body = re.sub(pattern.encode(), mark.encode(), self.body)
        return Answer(self.status, self.headers, body)


@dataclass(frozen=True)
class Server:
    """One of the two."""

    library: str
    url: str
    log: Path
    client: httpx.Client
    standin: StandIn

    def ask(self, ask: Ask) -> Answer:
        response = self.client.send(self._request(ask))
        headers = {
            name: value.replace(self.url, "HOST")
            for name, value in response.headers.items()
            if name not in _OF_THE_MOMENT
        }
        return Answer(response.status_code, headers, response.content)

    @contextmanager
    def stream(self, ask: Ask) -> Iterator[Iterator[str]]:
        """The lines of an answer under way; leaving the block leaves the answer."""
        response = self.client.send(self._request(ask), stream=True)
        try:
            yield (line for line in response.iter_lines() if line)
        finally:
            response.close()

    def _request(self, ask: Ask) -> httpx.Request:
        content = ask.body if isinstance(ask.body, bytes) or ask.body is None else json.dumps(ask.body).encode()
        own: dict[str, str | bytes] = {"authorization": f"Bearer {ask.key}"} if ask.key else {}
        headers = {
            name.encode(): value if isinstance(value, bytes) else value.encode()
            for name, value in {**own, **ask.headers}.items()
        }
        return self.client.build_request(ask.method, self.url + ask.path, content=content, headers=headers)


@dataclass(frozen=True)
class Pair:
    """The original and poebook."""

    original: Server
    own: Server

    def ask(self, ask: Ask) -> tuple[Answer, Answer]:
        with ThreadPoolExecutor(1) as beside:  # both at once: they are two processes
            wanted = beside.submit(self.original.ask, ask)
            given = self.own.ask(ask)
            return wanted.result(), given

    def same(self, ask: Ask) -> Answer:
        """What both answer, byte for byte."""
        wanted, given = self.ask(ask)
        assert given == wanted, f"{ask.path}\nthe original: {_told(wanted)}\nours: {_told(given)}"
        return given


def query(*messages: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """A query's body; messages are the user's where they are only words."""
    said = [{"role": "user", "content": one} if isinstance(one, str) else one for one in messages or ("hi",)]
    return {"version": "1.2", "type": "query", "query": said, **IDS, **more}


def report(kind: str, **more: Any) -> dict[str, Any]:
    """The body of another request."""
    ids = {} if kind in ("settings", "report_error") else IDS
    return {"version": "1.2", "type": kind, **ids, **more}


@contextmanager
def served(standin: StandIn, logs: Path) -> Iterator[Pair]:
    """The bots served with each library, in two processes that start at once."""
    with ExitStack() as started:
        ports = [started.enter_context(_process(library, standin.url, logs)) for library in LIBRARIES]
        # Each request has a connection of its own: the server closes one after a fault, which it may tell too late.
        alone = httpx.Limits(max_keepalive_connections=0)
        client = started.enter_context(httpx.Client(timeout=PATIENCE, limits=alone))
        servers = []
        for library, port in zip(LIBRARIES, ports, strict=True):
            number = port.readline().strip()  # written when it listens; empty when it ended before
            assert number, f"the server of {library} did not start:\n{_log(logs, library).read_text()}"
            servers.append(Server(library, f"http://127.0.0.1:{number}", _log(logs, library), client, standin))
        yield Pair(*servers)


@contextmanager
def _process(library: str, standin: str, logs: Path) -> Iterator[IO[str]]:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "tests.parity.subject", library, standin]
    with _log(logs, library).open("w") as told:
        process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=told, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def _log(logs: Path, library: str) -> Path:
    return logs / f"{library}.log"


def _told(answer: Answer) -> str:
    head = "".join(f"\n  {name}: {value}" for name, value in sorted(answer.headers.items()))
    return f"{answer.status}{head}\n  {answer.body[:3000]!r}"
