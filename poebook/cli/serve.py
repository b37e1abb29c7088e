"""``poebook serve``: serve a bot in the foreground, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import errno
import logging
import socket
from typing import TYPE_CHECKING, Any

from poebook.cli.failure import Failure
from poebook.cli.loading import load
from poebook.runtime.bots import name_of
from poebook.runtime.keys import find_key, is_kept, key_file
from poebook.server.app import make_app
from poebook.server.patience import patient_protocol
from poebook.server.sockets import listening

if TYPE_CHECKING:
    from poebook.server.bot import PoeBot

_LEVELS = ("critical", "error", "warning", "info", "debug")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="TARGET", help="module:Bot, or file.py, or file.py:Bot")
    parser.add_argument("--host", default="0.0.0.0", help="the address to listen on (all: %(default)s)")
    parser.add_argument("-p", "--port", type=int, default=8080, help="the port to listen on (%(default)s)")
    parser.add_argument(
        "--key",
        help="the bot's access key, or $NAME of an environment variable (POE_ACCESS_KEY, else one is made and kept)",
    )
    parser.add_argument("--no-key", action="store_true", help="serve without a key: anybody may ask")
    parser.add_argument("--log-level", choices=_LEVELS, default="info", help="how much to log (%(default)s)")


def run(said: argparse.Namespace, rest: list[str]) -> int:
    if said.key is not None and said.no_key:
        raise Failure("poebook serve: --key and --no-key exclude each other.", 2)
    bot = load(said.target)
    name = name_of(bot)
    key = None if said.no_key else _key(bot, name, said.key)
    door = _door(said.host, said.port)
    logging.basicConfig(level=said.log_level.upper(), format="%(levelname)s: %(name)s: %(message)s")
    try:
        application = make_app(bot, key or "", allow_without_key=said.no_key)
        _serve(application, door, said.log_level, _lines(bot, name, said.host, door.getsockname()[1], said.no_key))
    finally:
        door.close()
    return 0


def _key(bot: PoeBot, name: str, given: str | None) -> str | None:
    """The key to hand to ``make_app``; None where the bot brings its own."""
    if bot.access_key and given is None:
        return None
    return find_key(name, given)


def _lines(bot: PoeBot, name: str, host: str, port: int, no_key: bool) -> str:
    """What is said once the bot answers. The key itself is not."""
    reached = "127.0.0.1" if host in ("0.0.0.0", "") else host
    line = f"{name} is running on http://{reached}:{port}{bot.path} (Ctrl-C ends it)."
    if no_key:
        return f"{line}\nIt asks for no key: whoever reaches it may ask."
    if bot.access_key and is_kept(name, bot.access_key):
        return f"{line}\nIts key is in {key_file(name)}."
    return line


def _door(host: str, port: int) -> socket.socket:
    try:
        return listening(host, port, exactly=True)
    except OverflowError:
        raise Failure(f"poebook serve: {port} is no port; a port is a number from 1 to 65535.", 2) from None
    except socket.gaierror:
        raise Failure(f"poebook serve: there is no address {host} on this machine.", 2) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure(f"poebook serve: port {port} is taken; name another with --port.") from None
        reason = (error.strerror or str(error)).rstrip(".").lower()
        raise Failure(f"poebook serve: port {port} cannot be opened on {host}: {reason}.") from None


def _serve(application: Any, door: socket.socket, level: str, ready: str) -> None:  # an ASGI application
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(ready, flush=True)

    config = uvicorn.Config(application, log_level=level, timeout_graceful_shutdown=5, http=patient_protocol())
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn has ended in order, and passes the signal on
        Server(config).run(sockets=[door])
