"""Whom ``poebook ask`` and ``poebook chat`` ask."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from poebook.cli.failure import Failure
from poebook.client.conversation import Conversation
from poebook.errors import UnknownTarget


def conversation(command: str, targets: Sequence[str], key: str | None) -> Conversation:
    """A conversation with *targets*; Failure and UnknownTarget say what can be asked from a command line."""
    for target in targets:
        if Path(target).suffix in (".py", ".ipynb"):
            raise Failure(
                f"poebook {command}: {target} is a file; `poebook serve {target}` serves its bot, and says the address "
                "that can be asked.",
                2,
            )
    try:
        return Conversation(*targets, key=key or os.environ.get("POE_ACCESS_KEY") or None)
    except UnknownTarget as error:
        if all(":" in target for target in targets):
            raise
        raise UnknownTarget(
            f"{error} A bot that another program serves is asked by its address, as in {_EXAMPLE}."
        ) from None


_EXAMPLE = "http://127.0.0.1:8080/"
