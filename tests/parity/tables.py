"""The names of the cases that the bots keep: read from their modules, which are not served here."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from tests.parity.bots.answers import BETTER, FORMS, SECRET
    from tests.parity.bots.files import COSTS, DATA, POSTS, URL
    from tests.parity.bots.settings import SETTINGS

__all__ = ["BETTER", "COSTS", "DATA", "FORMS", "POSTS", "SECRET", "SETTINGS", "URL"]
