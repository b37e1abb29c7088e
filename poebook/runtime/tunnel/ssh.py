"""``ssh``: ``ssh -R`` to a host of one's own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable

from poebook.errors import TunnelError
from poebook.runtime.tunnel.address import checked_url, is_loopback
from poebook.runtime.tunnel.keeper import kept
from poebook.runtime.tunnel.line import Line

REMOTE_PORT = 8080
DEADLINE_S = 20.0  # until ssh must have said yes or no
GRACE_S = 4.0  # an ssh that says neither, and lives so long, is taken for one that is there
_KEPT_LINES = 40

_ALLOCATED = re.compile(r"Allocated port (\d+) for remote forward")
_UP = re.compile(r"remote forward success|Allocated port \d+ for remote forward|forwarding_success")
_CAUSES: tuple[tuple[str, str, bool], ...] = (  # what ssh says, what we say, whether trying again is hopeless
    ("Permission denied", "{host} refused the login; `ssh {host}` in a terminal must work without a password.", True),
    ("Host key verification failed", "ssh does not know {host} yet; run `ssh {host}` once in a terminal.", True),
    ("Could not resolve hostname", "The host {host} is not known; check the name, and the network.", False),
    ("remote port forwarding failed", "Port {port} of {host} cannot be had: it is taken, or sshd forbids it.", False),
    ("administratively prohibited", "sshd on {host} does not allow forwarding (AllowTcpForwarding).", True),
    ("Connection refused", "{host} refused the connection; is sshd running there, on this port?", False),
    ("timed out", "{host} does not answer; check the name, and the network.", False),
    ("No route to host", "There is no way to {host}; check the network.", False),
    ("Network is unreachable", "There is no network.", False),
    ("Bad configuration option", "ssh's configuration has a fault: {last}.", True),
    ("Can't open user config file", "There is no such ssh configuration: {last}.", True),
)


def connector(
    port: int, host: str = "", remote_port: int | str | None = None, url: str = "", config: str | None = None
) -> Callable[[], Line]:
    program = shutil.which("ssh")
    if program is None:
        raise TunnelError("There is no program ssh on this machine; install OpenSSH's client.", final=True)
    if not host or host.startswith("-") or any(sign.isspace() for sign in host):
        raise TunnelError(
            "ssh needs host=, as in `ssh HOST`: a name, user@name, or one of your ssh configuration.", final=True
        )
    wanted = _port(remote_port, REMOTE_PORT if url else 0)
    if not url and not is_loopback(_bare(host)):
        raise TunnelError(
            f"ssh needs url=, the https address whose web server on {_bare(host)} hands on to port {wanted or 'PORT'}.",
            final=True,
        )
    address = checked_url(url) if url else ""
    memory = _Memory(wanted)

    def connect() -> Line:
        return SshLine([program, *_options(config)], host, memory, port, address)

    return connect


class _Memory:
    """The remote port: a number once one was given, so that it stays the same when the line is restored."""

    def __init__(self, port: int) -> None:
        self.port = port


def _options(config: str | None) -> list[str]:
    said = {
        "BatchMode": "yes",  # a kernel cannot be asked for a password
        "ExitOnForwardFailure": "yes",
        "ServerAliveInterval": "3",
        "ServerAliveCountMax": "2",
        "ConnectTimeout": "10",
        "ControlMaster": "no",
        "ControlPath": "none",
    }
    options = [word for name, value in said.items() for word in ("-o", f"{name}={value}")]
    return ["-v", "-N", "-T", *(["-F", os.path.expanduser(config)] if config else []), *options]


class SshLine:
    """One run of ssh."""

    def __init__(self, program: list[str], host: str, memory: _Memory, port: int, url: str) -> None:
        self._host = _bare(host)
        self._memory = memory
        self._url = url
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)
        self._settled = threading.Event()
        self._up = False
        forward = f"127.0.0.1:{memory.port}:127.0.0.1:{port}"
        self._process = subprocess.Popen(
            kept(*program, "-R", forward, "--", host),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name="poebook-ssh-log", daemon=True)
        self._reader.start()
        try:
            self._await_up()
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        return self._url or f"http://127.0.0.1:{self._memory.port}"

    def wait(self, seconds: float) -> str | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
            self._reader.join(1)
            return self._why()[0]
        return None

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._process.terminate()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(2)
        self._reader.join(1)
        if self._process.stderr is not None and not self._reader.is_alive():
            self._process.stderr.close()

    def _await_up(self) -> None:
        began = time.monotonic()
        while not self._settled.wait(0.05):
            took = time.monotonic() - began
            if self._process.poll() is None and took > GRACE_S and self._memory.port != 0:
                return
            if took > DEADLINE_S:
                raise TunnelError(f"ssh to {self._host} did not come up within {DEADLINE_S:.0f} s.")
        if not (self._up and self._memory.port):
            words, final = self._why()
            raise TunnelError(words, final=final)

    def _read(self) -> None:
        assert self._process.stderr is not None, "it was asked for"
        for line in self._process.stderr:
            self._said.append(line.strip())
            if allocated := _ALLOCATED.search(line):
                self._memory.port = int(allocated.group(1))
            self._up = self._up or _UP.search(line) is not None
            if self._up and self._memory.port:  # a port that the host chooses is told after the success
                self._settled.set()
        self._settled.set()

    def _why(self) -> tuple[str, bool]:
        """Why ssh has ended, and whether another try is hopeless."""
        said = [line for line in self._said if not line.startswith("debug1:") or "prohibited" in line]
        text, last = "\n".join(said), (said[-1].rstrip(".") if said else "it said nothing")
        for sign, words, final in _CAUSES:
            if sign in text:
                return words.format(host=self._host, port=self._memory.port, last=last), final
        return f"ssh to {self._host} ended: {last}.", False


def _bare(host: str) -> str:
    """The name of the host alone.

    >>> _bare("ssh://me@bots.example.org:2222"), _bare("me@bots")
    ('bots.example.org', 'bots')
    """
    name = host.removeprefix("ssh://").rpartition("@")[2]
    return name.partition(":")[0] if name.count(":") == 1 else name


def _port(given: int | str | None, default: int) -> int:
    try:
        port = default if given is None else int(given)
    except (TypeError, ValueError):
        port = -1
    if not 0 <= port < 65536:
        raise TunnelError(f"{given!r} is no remote_port; a port is a number from 1 to 65535.", final=True)
    return port
