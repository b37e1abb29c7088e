"""The pages that are made from the code: each module has ``pages()``, from a path below ``manual/made`` to a text."""

from __future__ import annotations

from collections.abc import Callable

from tests.manual.pages import api, commands, controls, events, sentences, verbs

Pages = Callable[[], dict[str, str]]

MAKERS: tuple[Pages, ...] = (
    verbs.pages,
    events.pages,
    controls.pages,
    commands.pages,
    api.pages,
    sentences.pages,
)
