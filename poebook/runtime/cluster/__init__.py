"""Bots on a cluster of Ray: what ``poebook serve --engine ray`` runs, and what ``serve run`` and ``serve deploy`` take.

Ray Serve's own commands find an application in a module such as this ``ray_app.py``, which stands beside ``bot.py``::

    from pathlib import Path

    from poebook.runtime.cluster import deployment

    app = deployment(Path(__file__).parent, replicas=2)

With the key in ``POE_ACCESS_KEY``, ``serve run ray_app:app`` serves it. Only text travels to the machines: the sources
of the bots and of poebook itself, never objects. What else the bots import must be installed there, and Python must be
of the same minor version.
"""

from __future__ import annotations

from poebook.runtime.cluster.deploying import deployment
from poebook.runtime.cluster.scale import Scale

__all__ = ["Scale", "deployment"]
