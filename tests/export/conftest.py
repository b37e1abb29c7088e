"""Real shells, as the tests of the magics have them."""

from __future__ import annotations

from tests.notebook.conftest import notebook as notebook
from tests.notebook.conftest import terminal as terminal
