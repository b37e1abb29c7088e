"""A real sshd on the loopback interface, for the time of a test, and the configuration with which ssh reaches it."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

PATIENCE = 20.0
PROGRAM = shutil.which("sshd") or shutil.which("/usr/sbin/sshd")


class Sshd:
    """``config`` is what ``ssh -F`` takes; the host is called ``there``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.config = folder / "ssh_config"
        self._process: subprocess.Popen[bytes] | None = None
        self._write()

    def start(self) -> None:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it separates its privileges
        assert PROGRAM is not None
        with open(self.folder / "sshd.log", "ab") as log:
            command = [PROGRAM, "-D", "-e", "-f", str(self.folder / "sshd_config")]
            self._process = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while not answers(self.port):
            assert time.monotonic() < end, (self.folder / "sshd.log").read_text()
            time.sleep(0.02)

    def sessions(self) -> list[int]:
        """The processes that serve one connection each."""
        assert self._process is not None
        return children(self._process.pid)

    def drop_sessions(self) -> None:
        """Cut every connection."""
        for pid in self.sessions():
            for one in [*children(pid), pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, 9)

    def stop(self) -> None:
        if self._process is None:
            return
        self.drop_sessions()
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._process = None

    def forbid_forwarding(self) -> None:
        with open(self.folder / "sshd_config", "a") as out:
            out.write("AllowTcpForwarding no\n")

    def _write(self) -> None:
        for name in ("host_key", "user_key"):
            made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / name)]
            subprocess.run(made, check=True, timeout=PATIENCE)
        keys = self.folder / "authorized_keys"
        keys.write_text((self.folder / "user_key.pub").read_text())
        (self.folder / "known_hosts").write_text(
            f"[127.0.0.1]:{self.port} {(self.folder / 'host_key.pub').read_text()}"
        )
        (self.folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.folder / 'host_key'}\nPidFile none\n"
            f"AuthorizedKeysFile {keys}\nStrictModes no\nPasswordAuthentication no\nPermitRootLogin yes\n"
            "KbdInteractiveAuthentication no\nUsePAM no\n"
        )
        self.config.write_text(
            f"Host localhost\nHostName 127.0.0.1\nPort {self.port}\nUser {getpass.getuser()}\n"
            f"IdentityFile {self.folder / 'user_key'}\nIdentitiesOnly yes\n"
            f"UserKnownHostsFile {self.folder / 'known_hosts'}\n"
        )


def children(pid: int) -> list[int]:
    """The processes that *pid* has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = stat.read_text()
            if int(text.rpartition(")")[2].split()[1]) == pid:
                found.append(int(text.split(maxsplit=1)[0]))
    return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
