"""``ray_app.py``: the bot on a cluster of Ray."""

from __future__ import annotations

from poebook.export.project.facts import KEY, Facts


def ray_app(facts: Facts) -> str:
    """An application of Ray Serve's."""
    names = ", ".join(f'"{one.name}"' for one in facts.every_variable if one.name != KEY)
    env = f", env=[{names}]" if names else ""
    return f'''\
"""The bot {facts.name} on a cluster of Ray, with its key in POE_ACCESS_KEY.

    pip install 'poebook[ray]'
    serve run ray_app:app

`poebook serve . --engine ray --replicas 2` does the same.
"""

from pathlib import Path

from poebook.runtime.cluster import deployment

app = deployment(Path(__file__).parent, replicas=2{env})
'''
