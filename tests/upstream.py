"""``fastapi_poe``, which poebook is compared with; imported without the warnings that it makes by being imported."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import fastapi_poe as fastapi_poe
    import fastapi_poe.base as base
    import fastapi_poe.client as client
    import fastapi_poe.templates as templates
    import fastapi_poe.types as types

__all__ = ["base", "client", "fastapi_poe", "templates", "types"]
