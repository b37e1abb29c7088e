"""Whether a key stands in some bytes: as it is, in base64, or in what is packed."""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator

_MADE = 32  # letters and digits of a key that poebook makes
_RUN = re.compile(rb"[A-Za-z0-9]{%d,}" % _MADE)  # longer ones too, for in "\nKEY" there is an n before it
_CODED = re.compile(rb"[A-Za-z0-9+/_-]{43,}")  # so many signs has a key in base64
_UNPACKED = 20_000_000  # bytes of a packed file that are looked at, as tests make some that grow without end
_BY_POE = re.compile(rb"/(?:update|fetch)_settings/[^\s/\"']+/[^\s/\"'?]+")  # Poe's protocol has the bot's key there


class Search:
    """A search for *keys*. Poe's own two addresses that hold a key are no find, wherever they are named.

    >>> key = b"aB3" * 10 + b"xy"
    >>> search = Search([key, b"an auth-token of somebody"])
    >>> search.finds(b'{"said": "all is well"}')
    False
    >>> search.finds(rb'{"said": "here:\\n%b"}' % key), search.finds(b"Bearer an auth-token of somebody")
    (True, True)
    >>> search.finds(base64.b64encode(b"?" + key))
    True
    >>> search.finds(b"GET /bot/update_settings/echo/%b/1.0" % key)
    False
    """

    def __init__(self, keys: Iterable[bytes]) -> None:
        keys = frozenset(keys)
        self._made = {key for key in keys if len(key) == _MADE and key.isalnum()}
        self._others = keys - self._made

    def finds(self, text: bytes) -> bool:
        """Whether one of the keys stands in *text*."""
        if not (self._made or self._others):
            return False
        return any(self._stands(part) for whole in (text, *_members(text)) for part in (whole, *_decoded(whole)))

    def _stands(self, text: bytes) -> bool:
        text = _BY_POE.sub(b"", text)
        return any(key in text for key in self._others) or any(
            run[start : start + _MADE] in self._made
            for run in _RUN.findall(text)
            for start in range(len(run) - _MADE + 1)
        )


def _decoded(text: bytes) -> Iterator[bytes]:
    for run in _CODED.findall(text):
        plain = run.replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            part = plain[start : len(plain) - ((len(plain) - start) % 4 == 1)]  # one sign more says nothing
            yield base64.b64decode(part + b"=" * (-len(part) % 4))


def _members(text: bytes) -> Iterator[bytes]:
    try:
        if text.startswith(b"\x1f\x8b"):
            yield zlib.decompressobj(wbits=31).decompress(text, _UNPACKED)
        elif text.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(text)) as archive:
                for name in archive.namelist():
                    with archive.open(name) as member:
                        yield member.read(_UNPACKED)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return  # broken, or locked with a password: some tests make such files
