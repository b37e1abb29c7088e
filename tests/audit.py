"""``python3 -m tests audit``: the packages that the tests' environment holds, looked up among known vulnerabilities.

By hand, for it asks PyPI. pip-audit lives in an environment of its own, so that nothing of it reaches the tests'.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig

from tests.runner import environment
from tests.runner.advice import Lacking
from tests.runner.places import WORKSHOP

_VENV = WORKSHOP / "audit"
_PACKAGES = ("pip-audit>=2.7",)
_NOTHING = "Nothing was audited: the list of vulnerabilities at pypi.org cannot be reached from here."


def main() -> int:
    """Run it; 0 when each package was looked up and nothing is known of any, else 1."""
    try:
        if not environment.ready(_VENV, _PACKAGES):
            environment.prepare(_VENV, _PACKAGES)
    except Lacking as lacking:
        print(lacking)
        return 1
    options = ["--path", sysconfig.get_path("purelib"), "--format=json", "--skip-editable", "--progress-spinner=off"]
    words = [str(environment.python(_VENV)), "-m", "pip_audit", *options]
    done = subprocess.run(words, capture_output=True, text=True)
    status, said = told(done.stdout, done.stderr)
    print(said)
    return status


def told(found: str, trouble: str) -> tuple[int, str]:
    """The exit status, and a sentence or a table, for what pip-audit found.

    >>> told('{"dependencies": [{"name": "a", "skip_reason": "Dependency not found on PyPI"}]}', "")
    (1, 'Nothing was audited: the list of vulnerabilities at pypi.org cannot be reached from here.')
    >>> told('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', "")
    (0, 'No hole is known in any of 1 packages.')
    """
    try:
        packages = json.loads(found)["dependencies"]
    except (ValueError, LookupError):  # it ended before it had looked anything up
        packages = []
    looked_up = [package for package in packages if "vulns" in package]
    if not looked_up:
        last = trouble.strip().splitlines()[-1:] if "ConnectionError" not in trouble else []
        return 1, " ".join([_NOTHING, *last])
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'none'}"
        for package in looked_up
        for hole in package["vulns"]
    ]
    if len(looked_up) < len(packages):
        holes.append(f"{len(packages) - len(looked_up)} of {len(packages)} packages could not be looked up.")
    return (1, "\n".join(holes)) if holes else (0, f"No hole is known in any of {len(looked_up)} packages.")


if __name__ == "__main__":
    sys.exit(main())
