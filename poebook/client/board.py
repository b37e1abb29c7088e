"""The state of a conversation, how it is changed, and who is told. Runs on the client portal's loop only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from poebook.client.tree import Node, Tree
from poebook.client.turns import ConversationState, Op, TargetState, TurnState, apply, copied, fold_answer
from poebook.errors import PoebookError
from poebook.wire.ids import new_id

Listener = Callable[[Op], None]


class Board:
    """Every change is an op (see ``poebook.client.turns``): made here, then told to the listeners.

    The state's turns are the tree's own.
    """

    def __init__(self, targets: Sequence[TargetState], parameters: dict[str, Any]) -> None:
        self.tree = Tree()
        self.state: ConversationState = {
            "id": new_id("c"),
            "targets": list(targets),
            "turns": [],
            "parameters": parameters,
            "users": [],
        }
        self.people: dict[str, str] = {}  # the ids of simulated users, by name
        self.listeners: list[Listener] = []

    # -- looking ----------------------------------------------------------------------------------------------

    def copy(self) -> ConversationState:
        """The state as it stands, for others to keep."""
        state: ConversationState = json.loads(json.dumps(self.state))
        state["turns"] = [self.told(turn) for turn in state["turns"]]
        return state

    def shown(self, turn_id: str) -> Node:
        """The shown turn with this id. Raises PoebookError."""
        for node in reversed(self.tree.path()):
            if node.turn["id"] == turn_id:
                return node
        raise PoebookError("That message is not shown, so nothing can be done with it.")

    def last(self) -> Node:
        """The last turn that is shown. Raises PoebookError."""
        path = self.tree.path()
        if not path:
            raise PoebookError("Nothing has been asked yet; ask something first.")
        return path[-1]

    def elapsed(self, answer_id: str) -> float:
        """Seconds since an answer under way was asked for."""
        return 0.0

    # -- changing ---------------------------------------------------------------------------------------------

    def branch(self, turn_id: str, to: int) -> None:
        """Show another version of a question that is shown. Raises PoebookError."""
        node = self.shown(turn_id)
        versions = node.parent.children
        if not 0 <= to < len(versions):
            raise PoebookError(f"There is no version {to} of that message; there are {len(versions)}, counted from 0.")
        self.show(versions[to])

    def pick(self, turn_id: str, target: int | None) -> None:
        """Say which target's answer was the best; None for none of them."""
        self.changed({"op": "picked", "turn": self.shown(turn_id).turn["id"], "target": target})

    def set_parameters(self, values: dict[str, Any]) -> None:
        """What goes with the next question."""
        if values != self.state["parameters"]:
            self.changed({"op": "parameters", "values": values})

    def set_users(self, names: Iterable[str]) -> None:
        """Who may ask; those who were known keep their ids."""
        users = list(dict.fromkeys(names))
        if users != self.state["users"]:
            self.people |= {name: new_id("u") for name in users if name not in self.people}
            self.changed({"op": "users", "users": users})

    def append(self, turn: TurnState) -> Node:
        """Let *turn* follow what is shown."""
        node = self.tree.append(turn)
        self.state["turns"] = self.tree.turns()
        self._tell({"op": "turn", **self.told(node.turn)})
        return node

    def beside(self, node: Node, turn: TurnState) -> Node:
        """Show *turn* as another version of *node*'s turn."""
        new = self.tree.beside(node, turn)
        self.show(new)
        return new

    def show(self, node: Node) -> None:
        """Show *node*, and what leads to it."""
        self.tree.show(node)
        self._look_again()

    def step_back(self, node: Node) -> None:
        """Show what stands before *node*, if that is shown."""
        if node in self.tree.path():
            self.tree.cut(node)
            self._look_again()

    def wipe(self) -> None:
        """Begin a new conversation."""
        self.tree = Tree()
        self.state["id"], self.state["turns"] = new_id("c"), []
        self._tell({"op": "clear"})

    def changed(self, op: Op) -> None:
        """Make a change that leaves the tree's shape alone, also of an answer that is not shown."""
        answer = self.tree.answer(op["id"]) if "id" in op else None
        if answer is not None:
            fold_answer(answer, op)
        elif "id" not in op:
            apply(self.state, op)
        self._tell(op)

    def _tell(self, op: Op) -> None:
        for listener in list(self.listeners):
            listener(op)

    def told(self, turn: TurnState) -> TurnState:
        """*turn* for others to keep, with how long its answers have been under way."""
        copy = copied(turn)
        for answer in copy["answers"]:
            if answer["state"] == "streaming":
                answer["elapsed_s"] = self.elapsed(answer["id"])
        return copy

    def _look_again(self) -> None:
        """Tell what is shown now, from where it is another than before."""
        before, after = self.state["turns"], self.tree.turns()
        same = (n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one is not other)
        start = next(same, min(len(before), len(after)))
        self.state["turns"] = after
        self._tell({"op": "path", "from": start, "turns": [self.told(turn) for turn in after[start:]]})
