"""What a served bot declares of itself."""

from __future__ import annotations

from typing import Any

from poebook.client import asking
from poebook.client.portal import client_portal
from poebook.client.targets import resolve


def settings_of(target: object) -> dict[str, Any] | None:
    """The settings that a target declares; None where nobody can tell.

    >>> from poebook import PoeBot
    >>> settings_of(PoeBot())["response_version"]
    2
    """
    return client_portal().run(asking.settings(resolve(target)))
