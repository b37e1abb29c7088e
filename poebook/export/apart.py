"""Work done in a process of its own: bounded in time, and nothing of it is left."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from poebook import version

_NOT_THEIRS = ("JPY_", "JUPYTER", "IPYTHON", "IPY_", "PYDEVD", "MPLBACKEND", "COLUMNS", "LINES")


def apart(job: Mapping[str, Any], *, folder: Path, environment: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """What ``poebook.export.runner`` makes of *job* in *folder*: its result, or ``{"failed": why, "summary": why}``.

    The process has the environment of this one without what is the notebook's, and *environment*.
    """
    with TemporaryDirectory() as aside:
        result = Path(aside) / "result.json"
        with (Path(aside) / "said").open("w+b") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "poebook.export.runner"],
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=_environment(aside) | dict(environment),
                start_new_session=True,
            )
            try:
                process.communicate(json.dumps({**job, "result": str(result)}).encode(), timeout=seconds)
            except subprocess.TimeoutExpired:
                late = f"It took longer than {seconds:.0f} s."
                return {"failed": late, "summary": late}
            finally:
                _end(process)
            if result.exists():
                done: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
                return done
            said.seek(0)
            words = said.read()[-4000:].decode("utf-8", "replace").strip()
        return {"failed": words, "summary": f"The process ended by itself, with status {process.returncode}."}


def _environment(home: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_THEIRS)}
    here = str(Path(version.__file__).resolve().parents[1])
    path = [here, *(part for part in kept.get("PYTHONPATH", "").split(os.pathsep) if part)]
    return kept | {
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "POEBOOK_HOME": str(Path(home) / "home"),
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it began."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
