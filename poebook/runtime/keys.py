"""Keys of bots that are served here: given, or from the environment, or made and kept."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import string
import sys
from pathlib import Path
from urllib.parse import quote

from poebook.errors import InvalidKey

LENGTH = 32
logger = logging.getLogger("poebook")

_SIGNS = string.ascii_letters + string.digits
_unkept: dict[str, str] = {}  # keys that no file could be had for; they live as long as the process


def home() -> Path:
    """Where keys are kept: ``$POEBOOK_HOME``, else a folder of the user's data on this platform."""
    if named := os.environ.get("POEBOOK_HOME"):
        return Path(named).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "poebook"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "poebook"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "poebook"


def key_file(name: str) -> Path:
    """The file that holds the key of the bot *name*, if one was made.

    >>> key_file("echo").name
    'echo.key'
    """
    return home() / "keys" / f"{quote(name, safe='')}.key"


def checked(key: str, what: str = "The key", remedy: str = "leave it out to have one made and kept") -> str:
    """*key*, if Poe would take it: 32 characters of ASCII, no spaces.

    Raises InvalidKey, which never holds the key; *remedy* is what it advises for one of another length.
    """
    if not isinstance(key, str):
        raise InvalidKey(f"{what} must be a str, not {type(key).__name__}.")
    if len(key) != LENGTH and len(key.strip()) == LENGTH:
        raise InvalidKey(f"{what} has a space or a line break before or after its {LENGTH} characters; take that away.")
    if len(key) != LENGTH:
        raise InvalidKey(
            f"{what} has {len(key)} {'character' if len(key) == 1 else 'characters'}, but a bot's key at Poe has "
            f"{LENGTH}; {remedy}."
        )
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise InvalidKey(f"{what} holds a space or a sign outside ASCII; a bot's key at Poe has none.")
    return key


def find_key(name: str, given: str | None = None, **advice: str) -> str:
    """The key of the bot *name*: *given*, else ``$POE_ACCESS_KEY``, else the one kept, else a new one, kept from now.

    ``$NAME`` as the given key reads an environment variable. *advice* is as for `checked`.
    """
    if given is not None:
        if given.startswith("$"):
            value = os.environ.get(given[1:])
            if not value:
                raise InvalidKey(f"The environment variable {given[1:]} is not set, so {name} has no key.")
            return checked(value, f"The key in {given[1:]}", **advice)
        return checked(given, **advice)
    if named := os.environ.get("POE_ACCESS_KEY"):
        return checked(named, "The key in POE_ACCESS_KEY", **advice)
    if name in _unkept:
        return _unkept[name]
    return kept_key(name)


def kept_key(name: str) -> str:
    """The key that is kept under *name*: the one kept, else a new one, kept from now."""
    try:
        return _kept(name) or _keep(name, _made(), anew=False)
    except (OSError, ValueError) as error:
        return _hold(name, _made(), error)


def renew_key(name: str) -> str:
    """A new key for the bot *name*, in place of the one kept."""
    _unkept.pop(name, None)
    key = _made()
    try:
        return _keep(name, key, anew=True)
    except OSError as error:
        return _hold(name, key, error)


def is_known(name: str) -> bool:
    """Whether a key of the bot *name* is there without one being made.

    >>> is_known("nobody")
    False
    """
    try:
        return name in _unkept or _kept(name) is not None
    except (OSError, ValueError):
        return False


def is_kept(name: str, key: str) -> bool:
    """Whether *key* is the one that the bot's file holds."""
    try:
        return _kept(name) == key
    except (OSError, ValueError):
        return False


def _made() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))


def _kept(name: str) -> str | None:
    file = key_file(name)
    try:
        key = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    if len(key) != LENGTH:
        raise ValueError("what is there is no key")
    if os.name == "posix" and file.stat().st_mode & 0o077:
        file.chmod(0o600)
    return key


def _keep(name: str, key: str, *, anew: bool) -> str:
    """Write *key* whole or not at all; the key that is there afterwards, which may be another process's."""
    file = key_file(name)
    _make_folder(file.parent)
    part = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(key)
            out.flush()
            os.fsync(out.fileno())
        if anew or not hasattr(os, "link"):
            os.replace(part, file)
            return key
        try:
            os.link(part, file)
        except FileExistsError:  # another kernel was faster
            return _kept(name) or key
        except OSError:  # a file system without links
            os.replace(part, file)
        return key
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def _hold(name: str, key: str, error: Exception) -> str:
    reason = (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
    logger.warning(
        "The key of %s cannot be kept in %s (%s); a new one holds until this process ends. Give one of your own, in "
        "POE_ACCESS_KEY for one, or name a folder for keys in POEBOOK_HOME.",
        name,
        key_file(name),
        reason.lower() if reason[:1].isupper() and reason[1:2].islower() else reason,
    )
    _unkept[name] = key
    return key
