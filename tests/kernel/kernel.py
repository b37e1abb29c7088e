"""A real kernel, driven as a front end drives it."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from tests.keyless.hearing import hear

PATIENCE = 60.0
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Cell:
    """A cell that ran, or runs: what stands below it."""

    msg_id: str
    number: int = 0
    stdout: str = ""
    stderr: str = ""
    displays: list[dict[str, Any]] = field(default_factory=list)  # MIME bundles, as the protocol gives them
    pages: list[str] = field(default_factory=list)  # what the pager shows, as for `name?`
    error: str | None = None  # "KeyError: 'lisbon'"
    traceback: str = ""
    over: bool = False

    @property
    def text(self) -> str:
        """All plain text below the cell."""
        return self.stdout + "".join(str(bundle.get("text/plain", "")) + "\n" for bundle in self.displays)


class Kernel:
    """One ipykernel and the client that talks to it."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient, folder: Path) -> None:
        self.manager = manager
        self.client = client
        self.folder = folder
        self.cells: dict[str, Cell] = {}
        self.comms: list[dict[str, Any]] = []  # messages of widgets, in order
        self.heard: list[dict[str, Any]] = []  # the content of every message

    @property
    def pid(self) -> int:
        pid = getattr(self.manager.provisioner, "pid", None)
        assert isinstance(pid, int), "the kernel was not started"
        return pid

    def family(self) -> list[Any]:
        """The kernel's process and all that came from it, as psutil sees them."""
        process = psutil.Process(self.pid)
        return [process, *process.children(recursive=True)]

    def start(self, code: str) -> Cell:
        """Send a cell off without waiting for it."""
        msg_id = self.client.execute(code)
        return self.cells.setdefault(msg_id, Cell(msg_id))

    def finish(self, cell: Cell, patience: float = PATIENCE) -> Cell:
        """Wait until *cell* is over and all its output is here."""
        self.until(lambda: cell.over, f"cell {cell.number} did not end", patience)
        reply = self._reply(cell, patience)
        cell.number = reply["execution_count"] or 0
        cell.pages = [part["data"]["text/plain"] for part in reply.get("payload", []) if part.get("source") == "page"]
        return cell

    def run(self, code: str) -> Cell:
        """Run a cell to its end, whatever comes of it."""
        return self.finish(self.start(code))

    def ok(self, code: str) -> Cell:
        """Run a cell that must not fail."""
        cell = self.run(code)
        assert cell.error is None, f"{cell.error}\n{cell.traceback}"
        return cell

    def value(self, expression: str) -> Any:
        """What a Python expression is worth in the kernel, for values whose repr can be read back."""
        import ast

        reply = self.client.execute("", user_expressions={"value": f"repr({expression})"}, reply=True, timeout=PATIENCE)
        answer = reply["content"]["user_expressions"]["value"]
        assert answer["status"] == "ok", answer
        return ast.literal_eval(ast.literal_eval(answer["data"]["text/plain"]))

    def until(self, condition: Callable[[], bool], failure: str, patience: float = PATIENCE) -> None:
        """Take in what the kernel sends until *condition* holds."""
        end = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < end, failure
            with contextlib.suppress(queue.Empty):
                self._take(self.client.get_iopub_msg(timeout=0.2))

    @contextmanager
    def busy(self, work: str = "time.sleep(0.01)") -> Iterator[Cell]:
        """A cell that runs *work* again and again for the time of the block."""
        enough = self.folder / "enough"
        cell = self.start(f"import os, time\nprint('busy', flush=True)\nwhile not os.path.exists('enough'): {work}")
        try:
            self.until(lambda: "busy" in cell.stdout, "the cell did not start")
            yield cell
            assert not cell.over, "the cell ended before its time"
        finally:
            enough.touch()
            self.finish(cell)
            enough.unlink()

    def restart(self) -> None:
        """Restart the kernel as a front end does, and wait until it is ready."""
        self.manager.restart_kernel(now=False)
        self.client.wait_for_ready(timeout=PATIENCE)

    def complete(self, code: str) -> list[str]:
        """What Tab offers at the end of *code*."""
        reply = self.client.complete(code, len(code), reply=True, timeout=PATIENCE)
        matches: list[str] = reply["content"]["matches"]
        return matches

    def _reply(self, cell: Cell, patience: float) -> dict[str, Any]:
        end = time.monotonic() + patience
        while True:
            message = self.client.get_shell_msg(timeout=max(0.1, end - time.monotonic()))
            if message["parent_header"].get("msg_id") == cell.msg_id:
                content: dict[str, Any] = message["content"]
                return content

    def _take(self, message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        self.heard.append(content)
        if kind != "execute_input" and not _is_key(content):  # what was typed, and what a click asked for
            hear("a message of the kernel", content)
        if kind.startswith("comm"):
            self.comms.append(message)
        cell = self.cells.get(message["parent_header"].get("msg_id", ""))
        if cell is None:
            return
        if kind == "stream":
            setattr(cell, content["name"], getattr(cell, content["name"]) + content["text"])
        elif kind in ("display_data", "execute_result"):
            cell.displays.append(content["data"])
        elif kind == "error":
            cell.error = f"{content['ename']}: {content['evalue']}"
            cell.traceback = _COLOUR.sub("", "\n".join(content["traceback"]))
        elif kind == "execute_input":
            cell.number = content["execution_count"]
        elif kind == "status" and content["execution_state"] == "idle":
            cell.over = True


def _is_key(content: dict[str, Any]) -> bool:
    """Whether this is the message that brings a key to the clipboard."""
    said = content.get("data", {}).get("content", {})
    return isinstance(said, dict) and said.get("kind") == "key"


@contextmanager
def running(folder: Path) -> Iterator[Kernel]:
    """A kernel that works in *folder*, with the extension loaded; it is gone afterwards."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=dict(os.environ))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        kernel = Kernel(manager, client, folder)
        kernel.ok("%load_ext poebook\nimport poebook as fp")
        yield kernel
    finally:
        client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel()
        manager.cleanup_resources()
