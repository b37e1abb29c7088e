"""The page's side of a chat, without a page: says what a page would say, and folds what it hears."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from comm.base_comm import BaseComm

from poebook.client.turns import ConversationState, apply
from poebook.widget.messages import Message
from tests.keyless.hearing import hear

PATIENCE = 10.0


class Wire(BaseComm):
    """A comm whose messages are kept instead of sent; what arrives is waited for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # what ipywidgets opens a comm with
        self.state: dict[str, Any] = {}
        self.custom: list[tuple[Message, list[bytes]]] = []
        self.arrived = threading.Condition()
        super().__init__(*args, **kwargs)

    def publish_msg(
        self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any
    ) -> None:
        with self.arrived:
            json.dumps(data)  # what cannot travel must not be tried
            if data is not None and data.get("content", {}).get("kind") != "key":  # that is asked for by a click
                hear("a message to the page", data)
            if data is not None and data.get("method") == "custom":
                self.custom.append((data["content"], [bytes(one) for one in buffers or []]))
            elif data is not None:
                self.state |= data.get("state", {})
            self.arrived.notify_all()


class Page:
    """What one page knows of a chat."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.chat: ConversationState | None = None
        self.card: dict[str, Any] | None = None
        self.seq: int | None = None
        self.kinds: list[str] = []
        self._read = 0
        self._pieces: dict[str, dict[int, str]] = {}
        self._kept: list[Message] = []

    def say(self, message: Message, buffers: Sequence[bytes] = ()) -> None:
        """As if the page had sent *message*."""
        data = {"method": "custom", "content": message}
        self.wire.handle_msg(
            {"content": {"data": data}, "metadata": {}, "buffers": [memoryview(one) for one in buffers]}
        )

    def wait(self, condition: Callable[[], bool]) -> None:
        """Read what arrives until *condition* holds."""

        def holds() -> bool:
            self._take()
            return condition()

        with self.wire.arrived:
            assert self.wire.arrived.wait_for(holds, PATIENCE), self.kinds

    def wait_for(self, kind: str) -> Message:
        """The next message of this kind."""
        self.wait(lambda: any(message["kind"] == kind for message in self._kept))
        place = next(i for i, message in enumerate(self._kept) if message["kind"] == kind)
        message = self._kept[place]
        del self._kept[: place + 1]
        return message

    def _take(self) -> None:
        for message, _ in self.wire.custom[self._read :]:
            self._read += 1
            self._hear(message)

    def _hear(self, message: Message) -> None:
        if message["kind"] == "piece":
            parts = self._pieces.setdefault(message["of"], {})
            parts[message["index"]] = message["text"]
            if len(parts) < message["count"]:
                return
            message = json.loads("".join(parts[index] for index in range(message["count"])))
        self._kept.append(message)
        self.kinds.append(message["kind"])
        if message["kind"] == "snapshot":
            self.chat, self.card, self.seq = message["chat"], message["card"], message["seq"]
        elif message["kind"] in ("batch", "card"):
            assert self.seq is not None, "nothing is sent before a page asks"
            assert message["seq"] == self.seq + 1
            self.seq += 1
            self.card = message.get("card", self.card)
            for op in message.get("ops", ()):
                assert self.chat is not None
                apply(self.chat, op)
