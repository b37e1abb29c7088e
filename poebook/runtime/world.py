"""The one tunnel of the process, and the bots that are published through it."""

from __future__ import annotations

import hmac
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from poebook.client.conformance.probe import Address, probe
from poebook.client.portal import client_portal
from poebook.errors import BotError, PoebookError, ServeError, TunnelError
from poebook.runtime.publication import Publication
from poebook.runtime.settings_push import Pusher
from poebook.runtime.testdoor import TestDoor

if TYPE_CHECKING:
    from starlette.types import Scope

    from poebook.runtime.doors import Doors
    from poebook.runtime.served import Served
    from poebook.runtime.server import Beside
    from poebook.runtime.tunnel.tunnel import Tunnel

logger = logging.getLogger("poebook")


class World:
    """Publishes bots of one server, all through one tunnel, each at its path."""

    def __init__(self, doors: Doors, open_outside: Callable[[], Beside]) -> None:
        self._doors = doors
        self._open_outside = open_outside
        self._outside: Beside | None = None  # the port that the tunnel leads to
        self._lock = threading.RLock()
        self._tunnel: Tunnel | None = None
        self._asked_for: tuple[str, dict[str, object]] | None = None  # how the tunnel was opened
        self._published: dict[str, tuple[Served, Publication]] = {}
        self._leave: dict[str, Callable[[], None]] = {}
        self._timers: dict[str, threading.Timer] = {}
        self._last: dict[str, tuple[int, str | None]] = {}  # version and key when the settings were last looked at
        self._pusher = Pusher()
        self._going: set[tuple[str, str]] = set()  # bots, and what was begun about them
        self._obstacles: dict[str, str] = {}

    # -- what is published -------------------------------------------------------------------------------------

    def publication(self, served: Served) -> Publication | None:
        """What is known of *served* as it is published; None where it is not."""
        kept, found = self._published.get(served.name, (None, None))
        return found if kept is served else None

    def url_of(self, served: Served) -> str | None:
        """Where the world reaches it, with all that belongs to the address."""
        found = self.publication(served)
        return _through(found.tunnel, quote(served.path)) if found is not None else None

    def address(self, path: str) -> str | None:
        """Where the world reaches *path*, quoted as in a URL; None where no tunnel is open."""
        tunnel = self._tunnel
        return _through(tunnel, path) if tunnel is not None and self._published else None

    def publish(
        self, served: Served, provider: str | None, during: str | float | None, options: dict[str, Any]
    ) -> Publication:
        """Open the tunnel if it is not, ask through it as Poe would, and push the settings. Raises TunnelError."""
        from poebook.runtime.tunnel.duration import seconds

        if served.state == "stopped":
            raise ServeError(f"{served.name} has been stopped; serve it again to publish it.")
        if served.key is None:
            raise ServeError(
                f"{served.name} is served without a key, so anybody could ask it at your cost; serve it with one "
                "to publish it."
            )
        length = seconds(during) if during is not None else None
        with self._lock:
            tunnel, fresh = self._open(served, provider, options)
            try:
                asked = self._ask_from_outside(served, tunnel)
            except BaseException:
                if fresh:
                    self._close_tunnel()
                raise
            self._forget(served.name)
            self._obstacles.pop(served.name, None)
            warning = _warning(tunnel.provider)
            made = Publication(tunnel, poe_name_of(served), asked, tunnel.url, warning=warning)
            self._published[served.name] = (served, made)
            self._doors.listen(self._heard)
            if length is not None:
                made.until = datetime.now() + timedelta(seconds=length)
                self._timers[served.name] = timer = threading.Timer(length, self._time_is_up, [served])
                timer.daemon = True
                timer.start()
            self._last[served.name] = (served.version, served.key)
            self._leave[served.name] = served.subscribe(lambda: self._changed(served))
        self._pusher.push(served, made, tell=served.told, wait=True)
        served.told()
        return made

    def unpublish(self, served: Served) -> bool:
        """Take the bot's public address away; whether it had one. The last one closes the tunnel."""
        with self._lock:
            if self.publication(served) is None:
                return False
            self._forget(served.name)
            if not self._published:
                self._close_tunnel()
        served.told()
        return True

    def push(self, served: Served, *, fetch: bool = False) -> None:
        """Tell Poe the settings of *served*, or (*fetch*) have Poe ask for them. Raises BotError."""
        self._pusher.push_now(served, self.publication(served), poe_name_of(served), fetch=fetch)
        served.told()

    def begin(self, served: Served, work: Callable[[], object]) -> None:
        """Do *work* about *served* in the background, none twice at once; why it failed is its ``obstacle``."""
        going = (served.name, work.__name__)
        if going in self._going:
            return
        self._going.add(going)
        self._obstacles.pop(served.name, None)
        served.told()

        def run() -> None:
            try:
                work()
            except BotError as error:
                logger.info("Poe did not take the settings of %s: %s", served.name, error)  # the publication says it
                if self.publication(served) is None:
                    self._obstacles[served.name] = str(error)
            except PoebookError as error:
                self._obstacles[served.name] = str(error)
            except Exception as error:
                self._obstacles[served.name] = f"That failed with {type(error).__name__}; the log has more."
                logger.exception("What the card of %s began has failed", served.name)
            finally:
                self._going.discard(going)
                served.told()

        threading.Thread(target=run, name="poebook-world", daemon=True).start()

    def is_going(self, served: Served) -> bool:
        """Whether it was begun to publish *served*, and is not done yet."""
        return (served.name, "publish") in self._going and self.publication(served) is None

    def obstacle(self, served: Served) -> str | None:
        """Why what was begun last did not succeed."""
        return self._obstacles.get(served.name)

    def close(self) -> None:
        """Unpublish everything."""
        with self._lock:
            bots = [served for served, _ in self._published.values()]
            for served in bots:
                self._forget(served.name)
            self._close_tunnel()
        for served in bots:
            served.told()

    # -- the tunnel ---------------------------------------------------------------------------------------------

    def _open(self, served: Served, provider: str | None, options: dict[str, Any]) -> tuple[Tunnel, bool]:
        """The tunnel, and whether it is a new one."""
        from poebook.runtime.tunnel.opening import open_tunnel
        from poebook.runtime.tunnel.providers import DEFAULT

        if provider is None and not options and self._asked_for is not None:
            provider, options = self._asked_for
        wanted = (provider or DEFAULT, _without_bot(dict(options), served))
        if self._tunnel is not None:
            usable = self._tunnel.state in ("open", "broken")
            if usable and wanted == self._asked_for:
                return self._tunnel, False
            others = [name for name in self._published if name != served.name]
            if others and usable:
                raise TunnelError(
                    f"All bots of this process share one way in, which is {self._tunnel.provider} now, for "
                    f"{', '.join(others)}; unpublish first, or publish {served.name} the same way."
                )
            self._close_tunnel()
        if wanted[0] == "url":  # it leads to the server's own port, or nowhere
            port = urlsplit(served.base_url).port or 80
        else:
            self._outside = self._open_outside()
            port = self._outside.port
        try:
            self._tunnel = open_tunnel(port, wanted[0], **wanted[1])
        except BaseException:
            self._close_tunnel()
            raise
        self._asked_for = wanted
        for _, found in self._published.values():  # what the tunnel before had to give up
            found.tunnel = self._tunnel
        self._tunnel.subscribe(self._tunnel_changed)
        if self._published:
            self._tunnel_changed()
        return self._tunnel, True

    def _close_tunnel(self) -> None:
        tunnel, self._tunnel, self._asked_for = self._tunnel, None, None
        outside, self._outside = self._outside, None
        if tunnel is not None:
            tunnel.close()
        if outside is not None:
            outside.close()

    def _tunnel_changed(self) -> None:
        for served, found in list(self._published.values()):
            served.told()
            if found.tunnel.state == "open":
                threading.Thread(target=self._ask_anew, args=[served, found], name="poebook-world", daemon=True).start()

    def _ask_anew(self, served: Served, found: Publication) -> None:
        """What was restored counts as good when it has answered as the first time."""
        try:
            found.asked, found.trouble = self._ask_from_outside(served, found.tunnel), None
            found.at = datetime.now()
        except TunnelError as error:
            found.trouble = str(error)
        served.told()

    def _ask_from_outside(self, served: Served, tunnel: Tunnel) -> Any:
        door = TestDoor()
        query = f"?{tunnel.query}" if tunnel.query else ""
        assert served.key is not None, "bots without a key are not published"
        address = Address(
            bot=f"{tunnel.url}{quote(served.path)}{query}",
            key=served.key,
            test=f"{tunnel.url}{door.path}{query}",
            test_key=door.key,
            test_s=door.seconds,
        )
        self._doors.open(door.path, door)
        try:
            return client_portal().run(probe(address))
        finally:
            self._doors.close(door.path)

    # -- what happens meanwhile ---------------------------------------------------------------------------------

    def _forget(self, name: str) -> None:
        self._published.pop(name, None)
        if (leave := self._leave.pop(name, None)) is not None:
            leave()
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()
        if not self._published:
            self._doors.listen(None)

    def _changed(self, served: Served) -> None:
        """The bot was swapped, or has stopped, or something else about it is new."""
        found = self.publication(served)
        if found is None:
            return
        if served.state == "stopped":
            self.unpublish(served)
        elif served.key is None:
            self._obstacles[served.name] = f"{served.name} has no key any more, so it was unpublished."
            self.unpublish(served)
        elif self._last.get(served.name) != (served.version, served.key):
            self._last[served.name] = (served.version, served.key)
            self._pusher.push(served, found, tell=served.told, wait=False)

    def _time_is_up(self, served: Served) -> None:
        logger.info("The time for which %s was published is over", served.name)
        served.journal.note("info", "The time for which it was published is over; its public address is gone.")
        self.unpublish(served)

    def _heard(self, path: str, scope: Scope) -> None:
        """A request came; is it the first one of Poe's?"""
        for served, found in list(self._published.values()):
            if served.path == path and found.heard is None and served.key and _is_from_outside(scope, served.key):
                found.heard = datetime.now()
                threading.Thread(target=served.told, daemon=True).start()


def poe_name_of(served: Served) -> str:
    """What the bot is called at Poe: its own ``bot_name``, else the name that it is served under."""
    return str(getattr(served.bot, "bot_name", None) or served.name)


def _is_from_outside(scope: Scope, key: str) -> bool:
    headers = dict(scope["headers"])
    ours = headers.get(b"user-agent", b"").startswith(b"poebook/")
    given = headers.get(b"authorization", b"")
    return scope["method"] == "POST" and not ours and hmac.compare_digest(given, f"Bearer {key}".encode())


def _without_bot(options: dict[str, Any], served: Served) -> dict[str, Any]:
    """The options, with an address that ends in the bot's own path cut to where all bots stand."""
    url = options.get("url")
    if isinstance(url, str) and served.path != "/" and url.rstrip("/").endswith(quote(served.path)):
        options["url"] = url.rstrip("/").removesuffix(quote(served.path))
    return options


def _warning(provider: str) -> str | None:
    from poebook.runtime.tunnel.providers import PROVIDERS

    return PROVIDERS[provider].warning


def _through(tunnel: Tunnel, path: str) -> str:
    return f"{tunnel.url}{path}{'?' if tunnel.query else ''}{tunnel.query}"
