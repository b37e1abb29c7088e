"""``ngrok``: an address from ngrok.com, by pyngrok. Its agent is one of our own, and is watched."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from poebook.errors import MissingExtra, TunnelError
from poebook.runtime.tunnel.address import checked_url
from poebook.runtime.tunnel.keeper import script
from poebook.runtime.tunnel.line import Line

DEADLINE_S = 15.0  # until an agent must have opened the tunnel
INSTALL_S = 120.0  # the same where its program is fetched first
ANSWER_S = 3.0  # until an agent must answer when it is asked whether it is well
SILENCES = 2  # so often in a row it need not
_TOKEN = "NGROK_AUTHTOKEN"
_PLACE = "dashboard.ngrok.com/get-started/your-authtoken has yours"

_CODE = re.compile(r"ERR_NGROK_(\d+)")
_REASONS: dict[str, tuple[str, bool]] = {  # what ngrok's codes mean, and whether another try is hopeless
    "4018": (f"ngrok needs an auth token: set {_TOKEN} ({_PLACE}).", True),
    "105": (f"ngrok does not know this auth token; set {_TOKEN} anew ({_PLACE}).", True),
    "107": (f"ngrok does not know this auth token; set {_TOKEN} anew ({_PLACE}).", True),
    "108": ("Your ngrok account has another agent running; end that, or see dashboard.ngrok.com/agents.", False),
    "119": ("This account may not use ngrok; dashboard.ngrok.com says why.", True),
    "121": ("ngrok's program is too old; `ngrok update` renews it.", True),
    "313": ("Your ngrok plan has no domains of one's own; leave domain out.", True),
    "319": ("That domain is not reserved by your ngrok account; dashboard.ngrok.com/domains has those that are.", True),
    "320": ("That domain belongs to another ngrok account; dashboard.ngrok.com/domains has yours.", True),
    "324": ("Your ngrok plan allows no more endpoints; end others first.", False),
    "334": ("That address is in use by another agent of your ngrok account; end that, or name another domain.", False),
    "725": ("Your ngrok plan is used up for this month: no bandwidth is left.", True),
    "727": ("Your ngrok plan is used up for this month: no requests are left.", True),
    "8012": ("ngrok is up, but does not reach the port behind it.", False),
}

logger = logging.getLogger("poebook")
_starting = threading.Lock()  # the token is in the environment while an agent starts


def connector(port: int, domain: str | None = None, authtoken: str | None = None) -> Callable[[], Line]:
    try:
        import pyngrok.ngrok  # noqa: F401
    except ImportError:
        raise MissingExtra("pyngrok", extra="ngrok") from None
    return lambda: NgrokLine(port, domain, authtoken)


class NgrokLine:
    """One run of ngrok's agent."""

    def __init__(self, port: int, domain: str | None, authtoken: str | None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="poebook-ngrok-"))
        self._config: Any = None  # a PyngrokConfig; its types are not those of every version
        self._process: Any = None
        self._silent = 0
        self._ended = threading.Event()
        self._trouble: list[str] = []
        try:
            self._url = checked_url(self._opened(port, domain, authtoken))
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        return self._url

    def _opened(self, port: int, domain: str | None, authtoken: str | None) -> str:
        from pyngrok import conf, installer

        real = _config(conf.PyngrokConfig)
        if not (authtoken or os.environ.get(_TOKEN) or _has_token(conf, installer, real)):
            raise TunnelError(
                f"ngrok needs an auth token: set {_TOKEN} ({_PLACE}), or publish through ssh or url.", final=True
            )
        present = os.path.exists(real.ngrok_path)
        result: list[str] = []
        failure: list[BaseException] = []

        def work() -> None:
            try:
                result.append(self._connect(real, port, domain, authtoken))
            except BaseException as error:
                failure.append(error)

        thread = threading.Thread(target=work, name="poebook-ngrok", daemon=True)
        thread.start()
        deadline = DEADLINE_S if present else INSTALL_S
        thread.join(deadline)
        if failure:
            raise _explained(failure[0]) from None
        if not result:
            self.close()
            thread.join(ANSWER_S)
            raise TunnelError(f"ngrok's agent said nothing for {deadline:.0f} s; try again, or publish through ssh.")
        return result[0]

    def _connect(self, real: Any, port: int, domain: str | None, authtoken: str | None) -> str:
        from pyngrok import conf, ngrok

        ngrok.install_ngrok(real)
        self._config = _config(conf.PyngrokConfig, ngrok_path=self._program(real.ngrok_path))
        self._config.auth_token = None  # it would stand in the list of processes; the agent reads the environment
        with _starting, _environment(authtoken):
            self._process = ngrok.get_ngrok_process(self._config)
        versioned = getattr(self._config, "config_version", "2") == "3"
        options: dict[str, Any] = {} if versioned else {"schemes": ["https"]}
        if domain:
            bare = domain.removeprefix("https://").rstrip("/")
            options |= {"url": f"https://{bare}"} if versioned else {"domain": bare}
        tunnel = ngrok.connect(f"http://127.0.0.1:{port}", "http", pyngrok_config=self._config, **options)
        if self._ended.is_set():
            self.close()
        return str(tunnel.public_url)

    def _program(self, real: str) -> str:
        """The agent as a program that ends with this process; a path of its own keeps pyngrok's agents apart."""
        if os.name != "posix":
            return real
        program = self._folder / "ngrok"
        program.write_text(script(os.path.abspath(real)))
        program.chmod(0o700)
        return str(program)

    def wait(self, seconds: float) -> str | None:
        if self._ended.wait(seconds):
            return None
        if self._process.proc.poll() is not None:
            return f"ngrok's agent has ended. {self._last()}".rstrip()
        if self._answers():
            self._silent = 0
            return None
        self._silent += 1
        return "ngrok's agent does not answer any more." if self._silent >= SILENCES else None

    def _answers(self) -> bool:
        import httpx

        path = "/api/endpoints" if getattr(self._config, "config_version", "2") == "3" else "/api/tunnels"
        try:
            return httpx.get(f"{self._process.api_url}{path}", timeout=ANSWER_S, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def _last(self) -> str:
        """The last error that the agent told, in words."""
        errors = [str(log.err) for log in self._process.logs if log.err and log.err != "nil"]
        return _meaning(errors[-1])[0] if errors else ""

    def close(self) -> None:
        from pyngrok import process

        self._ended.set()
        if self._config is not None:
            running = process._current_processes.get(self._config.ngrok_path)
            if running is not None:  # not by pyngrok's own kill, which waits for an agent that is starting
                with contextlib.suppress(OSError):
                    running.proc.kill()
                    running.proc.wait(5)
                _hang_up(running)
                process._current_processes.pop(self._config.ngrok_path, None)
        shutil.rmtree(self._folder, ignore_errors=True)


def _hang_up(agent: Any) -> None:
    """Close the agent's output once its reader has come to the end."""
    reader = getattr(agent, "_monitor_thread", None)
    if reader is not None:
        reader.join(ANSWER_S)
    if agent.proc.stdout is not None and (reader is None or not reader.is_alive()):
        with contextlib.suppress(OSError, ValueError):
            agent.proc.stdout.close()


def _config(kind: Any, **more: object) -> Any:
    """A configuration, with what this version of pyngrok takes."""
    return kind(start_new_session=True, startup_timeout=DEADLINE_S, request_timeout=DEADLINE_S, **more)


def _has_token(conf: Any, installer: Any, config: Any) -> bool:
    """Whether ngrok's own configuration holds an auth token."""
    path = conf.get_config_path(config)
    if not os.path.exists(path):
        return False
    with contextlib.suppress(Exception):  # a configuration that cannot be read is ngrok's to refuse
        known = installer.get_ngrok_config(path, use_cache=False)
        return bool(known.get("authtoken") or (known.get("agent") or {}).get("authtoken"))
    return True


@contextlib.contextmanager
def _environment(authtoken: str | None) -> Iterator[None]:
    before = os.environ.get(_TOKEN)
    if authtoken:
        os.environ[_TOKEN] = authtoken
    try:
        yield
    finally:
        if authtoken:
            if before is None:
                os.environ.pop(_TOKEN, None)
            else:
                os.environ[_TOKEN] = before


def _explained(error: BaseException) -> BaseException:
    """*error* of pyngrok's as a sentence with the next step."""
    from pyngrok import exception

    if isinstance(error, exception.PyngrokNgrokInstallError):
        return TunnelError(
            "ngrok's program is not on this machine and could not be fetched; look at the network, or install it and "
            "set PYNGROK_NGROK_PATH to where it is.",
            final=True,
        )
    if isinstance(error, exception.PyngrokError):
        said = getattr(error, "ngrok_error", None) or getattr(error, "body", None) or str(error)
        words, final = _meaning(str(said))
        return TunnelError(words, final=final)
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return TunnelError(f"ngrok's program could not be started: {reason}.", final=True)
    return error


def _meaning(said: str) -> tuple[str, bool]:
    """What the agent's words mean, and whether another try is hopeless. They are not told: they may quote a token."""
    code = _CODE.search(said)
    if code and code.group(1) in _REASONS:
        return _REASONS[code.group(1)]
    if code:
        return (
            f"ngrok refused (ERR_NGROK_{code.group(1)}); ngrok.com/docs/errors/err_ngrok_{code.group(1)} says why.",
            False,
        )
    lowered = said.lower()
    if "authtoken" in lowered or "authentication failed" in lowered:
        return _REASONS["105"]
    if "no such host" in lowered or "dial tcp" in lowered or "network is unreachable" in lowered:
        return "ngrok cannot be reached from here; look at the network.", False
    return "ngrok's agent did not come up; `ngrok diagnose` in a terminal may say why.", False


__all__ = ["NgrokLine", "connector"]
