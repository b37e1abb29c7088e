"""Bots as a service: what ``poebook serve`` runs, in one process or in several.

The application comes from a plain description, so that any process can make it for itself:

>>> spec = ServiceSpec(("bots.py",))
>>> ServiceSpec.from_json(spec.to_json()) == spec
True
"""

from __future__ import annotations

from poebook.runtime.service.application import KEYS, Service, application, assemble
from poebook.runtime.service.spec import ServiceSpec, Source

__all__ = ["KEYS", "Service", "ServiceSpec", "Source", "application", "assemble"]
