"""The shell that the magics are loaded into."""

from __future__ import annotations

from typing import Any

Shell = Any  # IPython's InteractiveShell: most of what is used of it has no types, and those it has differ by version
