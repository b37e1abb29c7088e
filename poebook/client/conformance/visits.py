"""The requests that are made of a bot: one row each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from poebook.client.conformance import bodies
from poebook.client.conformance.bodies import attachment, message, query

HISTORY = 1000  # messages; Poe may cut what is longer

Header = Callable[[str], bytes | None]  # from the right key to the Authorization header


@dataclass(frozen=True)
class Visit:
    """``says`` names it in a sentence; ``header`` is what is said of the key, ``leave_after`` so many events."""

    name: str
    says: str
    body: Callable[[], Any]  # a JSON value, or bytes as they are, or None
    header: Header = lambda key: f"Bearer {key}".encode()
    leave_after: int | None = None
    method: str = "POST"
    of_parameters: Callable[[list[str]], Any] | None = None  # the body, by the names of the bot's own parameters

    def content(self, parameters: list[str]) -> bytes | None:
        body = self.body() if self.of_parameters is None else self.of_parameters(parameters)
        return body if body is None or isinstance(body, bytes) else json.dumps(body).encode()


def _other(key: str) -> bytes:
    """A key as long as the right one, and as different from it as can be."""
    return b"Bearer " + bytes(ord("b") if sign == "a" else ord("a") for sign in key)


def _near(key: str) -> bytes:
    return f"Bearer {key[:-1]}".encode()


def _without(key: str) -> None:
    return None


FIRST = Visit("hello", "A plain question", query)
SETTINGS = Visit("settings", "The settings request", bodies.settings)

VISITS = (
    Visit("settings again", "The second settings request", bodies.settings),
    # keys
    Visit("no key", "A question without a key", query, _without, 1),
    Visit("wrong key", "A question with a wrong key", query, _other, 1),
    Visit("shorter key", "A question with the key but for its last sign", query, _near, 1),
    Visit("longer key", "A question with the key and a sign more", query, lambda key: f"Bearer {key}x".encode(), 1),
    Visit("other case", "A question with the key in the other case", query, lambda key: b"Bearer " + _swapped(key), 1),
    Visit("other scheme", "A question with the scheme Basic", query, lambda key: f"Basic {key}".encode(), 1),
    Visit("odd key", "A question with a key that is not ASCII", query, lambda key: "Bearer schlüssel".encode(), 1),
    Visit("settings without key", "A settings request without a key", bodies.settings, _without, 1),
    Visit("report without key", "A report without a key", lambda: bodies.report("report_feedback"), _without, 1),
    # types
    Visit("unknown type", "A request of an unknown type", lambda: bodies.report("report_weather"), leave_after=1),
    Visit("feedback", "A like", lambda: bodies.report("report_feedback", feedback_type="like")),
    Visit("reaction", "A reaction", lambda: bodies.report("report_reaction", reaction="❤️")),
    Visit("error report", "A report of an error", bodies.reported_error),
    Visit("odd feedback", "Feedback of a new type", lambda: bodies.report("report_feedback", feedback_type="maybe")),
    Visit("unknown fields", "A question with fields of a later protocol", lambda: _later()),
    Visit("newer version", "A question of version 1.3", lambda: query(version="1.3")),
    Visit("not json", "A body that is no JSON", lambda: b'{"version": "1.2", "type": ', leave_after=1),
    Visit("no fields", "A question without its fields", lambda: {"version": "1.2", "type": "query"}, leave_after=1),
    Visit("odd role", "A message of an unknown role", lambda: _odd_role()),
    Visit("page", "A browser's GET", lambda: None, leave_after=1, method="GET"),
    # questions
    Visit("history", f"A history of {HISTORY} messages", lambda: bodies.long_history(HISTORY)),
    Visit("odd text", "A text in many scripts", lambda: query(message("user", bodies.ODD_TEXT))),
    Visit("empty text", "An empty message", lambda: query(message("user", ""))),
    Visit("text file", "A text file", lambda: bodies.with_files(attachment("text/plain", "a.txt", "Hello"))),
    Visit("unparsed file", "An image that Poe has not described", lambda: _unparsed()),
    Visit("odd file", "A file of a rare type", lambda: bodies.with_files(attachment("model/gltf", "a b.é", None))),
    Visit("roles", "A history with a system prompt and tools", bodies.roles),
    Visit("everything", "A question in which nothing is left out", bodies.everything),
    Visit(
        "parameters",
        "Parameters with values of other types",
        bodies.with_parameters,
        of_parameters=bodies.with_parameters,
    ),
    Visit("tools", "A question that offers tools", bodies.with_tools),
)


BUSY = Visit("busy", "A question", query)  # while it is answered ...
BESIDE = Visit("beside", "A settings request", bodies.settings)  # ... this is asked
LEAVING = Visit("leaving", "A question whose asker leaves", query, leave_after=1)
AFTER = Visit("after", "A question after the others", query)

ALL = (FIRST, SETTINGS, *VISITS, BUSY, BESIDE, LEAVING, AFTER)


def _swapped(key: str) -> bytes:
    """The key in the other case; where that is the same, a wrong one."""
    return key.swapcase().encode() if key.swapcase() != key else key[::-1].encode() + b"x"


def _later() -> dict[str, Any]:
    new = message("user", "Hello!", mood="sunny", sender={"id": "u-1", "name": "Ada", "age": 36})
    return query(new, weather={"sky": "blue"})


def _odd_role() -> dict[str, Any]:
    return query(message("narrator", "It was a dark night."), message("user", "Hello!"))


def _unparsed() -> dict[str, Any]:
    return bodies.with_files(attachment("image/png", "a.png", None), attachment("application/pdf", "a.pdf", None))
