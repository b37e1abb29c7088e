"""A bot served from a script."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from poebook.server.app import make_app
from poebook.server.bot import PoeBot
from poebook.server.patience import patient_protocol
from poebook.server.sockets import listening

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

logger = logging.getLogger("poebook")

_PATIENCE_S = 3.0
_NOT_STARTED = 3  # the exit status that uvicorn's own command has then
_BESIDE: list[tuple[uvicorn.Server, threading.Thread]] = []  # what is served from a notebook's cell


def run(
    bot: PoeBot | Sequence[PoeBot],
    access_key: str = "",
    *,
    api_key: str = "",
    allow_without_key: bool = False,
    app: FastAPI | None = None,
) -> None:
    """Serve *bot* on all addresses, on the port that ``-p`` or ``--port`` of the command line says, else 8080.

    Ends with Ctrl-C. Inside a running loop, as in a notebook's cell, it serves in the background, on 127.0.0.1 and
    the next free port, and returns at once; what the cell served before ends.

    >>> run(PoeBot())
    Traceback (most recent call last):
    poebook.errors.InvalidKey: The bot has no access key. Set POE_ACCESS_KEY, or give access_key=. ...
    """
    application = make_app(bot, access_key, api_key=api_key, allow_without_key=allow_without_key, app=app)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        _serve(application, _port_said())
    else:
        _serve_beside(application)


def _port_said() -> int:
    """The command line's port; whatever else is said there is left alone."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-p", "--port", type=int, default=8080)
    return int(parser.parse_known_args(sys.argv[1:])[0].port)


def _serve(application: FastAPI, port: int) -> None:
    import uvicorn
    from uvicorn.config import LOGGING_CONFIG

    from poebook.server.watched import Watched

    try:
        listening("0.0.0.0", port, exactly=True).close()
    except OverflowError:
        sys.exit(f"There is no port {port}; they end with 65535. Say another one with --port.")
    except OSError as error:
        sys.exit(f"{(error.strerror or str(error)).rstrip('.')}. Say another port than {port} with --port.")
    config = {**LOGGING_CONFIG, "formatters": {**LOGGING_CONFIG["formatters"]}}
    form = "%(asctime)s - %(levelname)s - %(message)s"
    config["formatters"]["default"] = {**config["formatters"]["default"], "fmt": form}
    server = Watched(uvicorn.Config(application, host="0.0.0.0", port=port, log_config=config, http=patient_protocol()))
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


def _serve_beside(application: FastAPI) -> None:
    import uvicorn

    from poebook.server.watched import Watched

    while _BESIDE:
        server, thread = _BESIDE.pop()
        server.should_exit = True
        thread.join(_PATIENCE_S)
    socket = listening("127.0.0.1", 8080)
    config = uvicorn.Config(application, log_config=None, timeout_graceful_shutdown=1, http=patient_protocol())
    server = Watched(config)
    thread = threading.Thread(target=server.run, args=([socket],), name="poebook-run", daemon=True)
    _BESIDE.append((server, thread))
    thread.start()
    logger.warning("Serving on http://127.0.0.1:%d until the kernel ends.", socket.getsockname()[1])
