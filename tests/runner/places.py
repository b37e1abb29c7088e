"""The folders of the project and of its test runs."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKSHOP = ROOT / ".poebook-tests"  # all that a run makes: environment, logs, coverage, pictures of failures
VENV = WORKSHOP / "venv"
KERNELS = WORKSHOP / "kernels"  # an environment for each version of the kernel
CLUSTER = WORKSHOP / "ray"  # an environment with Ray
MARIMO = WORKSHOP / "marimo"  # an environment with marimo
LOGS = WORKSHOP / "logs"
COVERAGE = WORKSHOP / "coverage"
FAILURES = WORKSHOP / "failures"
FRONTEND = ROOT / "poebook" / "widget" / "frontend"
