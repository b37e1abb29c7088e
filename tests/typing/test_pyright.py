"""mypy reads ``authors.py`` with everything else; here pyright does, in its strict mode."""

import subprocess
import sys
from pathlib import Path


def test_pyright_agrees_with_the_types() -> None:
    source = Path(__file__).with_name("authors.py")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors" in done.stdout
