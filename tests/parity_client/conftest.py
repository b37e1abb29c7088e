"""One stage for all courses, and clients that are made fast."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Iterator

import pytest

from tests.parity_client.stage import Stage, staged


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    with staged() as opened:
        yield opened


@pytest.fixture(scope="package", autouse=True)
def one_tls_context() -> Iterator[None]:
    """Each new client of httpx reads all certificates anew. Nobody here speaks TLS, so that one reading will do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield
