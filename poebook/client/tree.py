"""All that was asked in a conversation, with every version of a question: a tree of turns, of which one path is shown.

Nothing is ever taken out of it. Pure: no clock, no loop.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from poebook.client.turns import AnswerState, TurnState


@dataclass(eq=False)
class Place:
    """Where turns follow; ``shown`` is the number of the one that does, None where the shown path ends."""

    children: list[Node] = field(default_factory=list)
    shown: int | None = None


@dataclass(eq=False)
class Node(Place):
    """A turn in its place."""

    turn: TurnState = field(kw_only=True)
    parent: Place = field(kw_only=True, repr=False)


class Tree:
    """Turns and their versions.

    Versions of a question may share answers: regenerating one bot of several leaves the others' as they are.

    >>> from poebook.client.turns import fresh_turn
    >>> tree = Tree()
    >>> first = tree.append(fresh_turn("m-1", "hi", 0, []))
    >>> second = tree.beside(first, fresh_turn("m-2", "hello", 0, []))
    >>> [(turn["text"], turn["branch"], turn["branches"]) for turn in tree.turns()]
    [('hello', 1, 2)]
    >>> tree.show(first)
    >>> [turn["text"] for turn in tree.turns()]
    ['hi']
    """

    def __init__(self) -> None:
        self.root = Place()
        self._answers: dict[str, AnswerState] = {}

    def path(self) -> list[Node]:
        """What is shown, oldest first."""
        found: list[Node] = []
        place = self.root
        while place.shown is not None:
            place = place.children[place.shown]
            found.append(place)
        return found

    def turns(self) -> list[TurnState]:
        """The turns of the shown path."""
        return [node.turn for node in self.path()]

    def line(self, node: Node) -> list[TurnState]:
        """The turns that lead to *node*, with its own, shown or not."""
        found = [node.turn]
        while isinstance(node.parent, Node):
            node = node.parent
            found.insert(0, node.turn)
        return found

    def nodes(self) -> Iterator[Node]:
        """Every turn there is; each after the one that it follows."""
        left: deque[Place] = deque([self.root])
        while left:
            place = left.popleft()
            yield from place.children
            left += place.children

    def answer(self, id: str) -> AnswerState | None:
        """An answer by its id, shown or not."""
        return self._answers.get(id)

    def answers(self) -> list[AnswerState]:
        """Every answer there is, each once."""
        return list(self._answers.values())

    def append(self, turn: TurnState) -> Node:
        """Let *turn* follow the shown path; where the path was cut short, it is another version of what was there."""
        path = self.path()
        return self._add(path[-1] if path else self.root, turn)

    def beside(self, node: Node, turn: TurnState) -> Node:
        """Show *turn* as another version of *node*'s turn."""
        return self._add(node.parent, turn)

    def show(self, node: Node) -> None:
        """Show *node* in place of its other versions, with what leads to it and what last followed it."""
        place: Place = node
        while isinstance(place, Node):
            place.parent.shown = place.parent.children.index(place)
            place = place.parent

    def cut(self, node: Node) -> None:
        """End the shown path before *node*."""
        node.parent.shown = None

    def _add(self, place: Place, turn: TurnState) -> Node:
        node = Node(turn=turn, parent=place)
        place.children.append(node)
        place.shown = len(place.children) - 1
        for number, child in enumerate(place.children):
            child.turn["branch"], child.turn["branches"] = number, len(place.children)
        for answer in turn["answers"]:
            self._answers[answer["id"]] = answer
        return node


def to_json(tree: Tree) -> dict[str, Any]:
    """The whole tree, to be kept: turns in order, each with the number of the one that it follows, answers once."""
    nodes = list(tree.nodes())
    numbers: dict[Place, int | None] = {tree.root: None, **{node: number for number, node in enumerate(nodes)}}
    return {
        "shown": tree.root.shown,
        "turns": [
            {
                **node.turn,
                "answers": [answer["id"] for answer in node.turn["answers"]],
                "after": numbers[node.parent],
                "shown": node.shown,
            }
            for node in nodes
        ],
        "answers": tree.answers(),
    }


def from_json(data: dict[str, Any]) -> Tree:
    """What ``to_json`` made. Raises LookupError or TypeError when it is something else.

    >>> from poebook.client.turns import fresh_answer, fresh_turn
    >>> tree = Tree()
    >>> _ = tree.append(fresh_turn("m-1", "hi", 0, [fresh_answer("m-2", 0)]))
    >>> from_json(to_json(tree)).turns() == tree.turns()
    True
    """
    tree = Tree()
    answers = {answer["id"]: answer for answer in data["answers"]}
    nodes: list[Node] = []
    for kept in data["turns"]:
        turn = {name: value for name, value in kept.items() if name not in ("after", "shown")}
        turn["answers"] = [answers[id] for id in kept["answers"]]
        place = tree.root if kept["after"] is None else nodes[kept["after"]]
        nodes.append(tree._add(place, turn))  # type: ignore[arg-type]  # read from a file
    for node, kept in zip(nodes, data["turns"], strict=True):
        node.shown = _within(kept["shown"], node)
    tree.root.shown = _within(data["shown"], tree.root)
    return tree


def _within(shown: int | None, place: Place) -> int | None:
    return None if shown is None else range(len(place.children))[shown]
