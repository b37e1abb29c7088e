"""What whoever watches over a service is told: a log that programs read, figures, and whether it is ready."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from poebook.server.sockets import listening
from tests.runtime.service.running import BOTS, PATIENCE, asked, query, running, streaming, until

KEY = "k" * 32
SECRET = "what nobody else is to read"
BREAKS = """

class Breaks(fp.PoeBot):
    async def get_response(self, request):
        yield "so far"
        raise KeyError("the author reads this")
"""


def test_each_request_is_a_line_of_json_without_keys_and_words(folder: Path) -> None:
    (folder / "more.py").write_text(BOTS + BREAKS)
    targets = ["more.py:Echo", "more.py:Breaks", "more.py:Slow"]
    with running(*targets, "--key", KEY, "--access-log", "json", "--metrics", folder=folder) as service:
        shown = {"authorization": f"Bearer {KEY}"}
        echo = service.urls["Echo"]
        assert asked(echo, SECRET, KEY) == SECRET
        httpx.post(echo, json={"version": "1.2", "type": "settings"}, headers=shown)
        httpx.get(echo)
        httpx.post(echo, json=query(SECRET), headers={"authorization": f"Bearer {SECRET}"})
        httpx.post(f"{service.root}/nowhere?key={KEY}", json={})
        httpx.post(service.urls["Breaks"], json=query(SECRET), headers=shown)
        with httpx.stream("POST", service.urls["Slow"], json=query("600"), headers=shown) as answer:
            next(answer.iter_lines())  # and away
        httpx.get(f"{service.root}/readyz")
        until(lambda: len(service.said) >= 7, service)
        lines = [json.loads(line) for line in service.said]
        figures = httpx.get(f"{service.root}/metrics").text
    assert [(one["bot"], one["kind"], one["status"], one.get("outcome")) for one in lines] == [
        ("Echo", "query", 200, "done"),
        ("Echo", "settings", 200, None),
        ("Echo", "page", 200, None),
        ("Echo", "refused", 401, None),
        (None, "refused", 404, None),
        ("Breaks", "query", 200, "failed"),
        ("Slow", "query", 200, "left"),
    ]
    assert 0 < lines[0]["first_event_s"] <= lines[0]["duration_s"] < PATIENCE
    assert (lines[0]["events"], lines[0]["path"], lines[0]["client"]) == (2, "/Echo", "127.0.0.1")
    assert lines[5]["raised"] is True
    assert not {one["worker"] for one in lines} - {service.process.pid}
    told = "".join(service.said)
    assert SECRET not in told
    assert KEY not in told
    assert f"Echo is running on {echo}" in "".join(service.logged), "standard output is for the log alone"
    assert number(figures, 'poebook_requests_total{bot="Echo",kind="refused",status="401"}') == 1
    assert number(figures, 'poebook_answers_total{bot="Slow",outcome="left"}') == 1
    assert number(figures, 'poebook_errors_total{bot="Breaks"}') == 1
    assert number(figures, 'poebook_events_total{bot="Echo"}') == 2
    assert number(figures, 'poebook_streams_in_flight{bot="Slow"}') == 0
    assert number(figures, 'poebook_first_event_seconds_count{bot="Echo"}') == 1


def test_figures_and_readiness_of_all_workers_are_had_inside_also_while_they_end(folder: Path) -> None:
    with listening("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    words = ["--no-key", "--workers", "2", "--metrics-port", str(port), "--access-log", "off"]
    with running("bots.py:Slow", *words, folder=folder) as service:
        inside = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{service.root}/metrics").status_code == 404
        assert httpx.get(f"{inside}/readyz").status_code == 200
        streams, wait = streaming(service.url, "600", 12)
        until(lambda: all(one.worker for one in streams), "all streams under way")
        workers = {one.worker for one in streams}
        assert len(workers) == 2

        def under_way() -> float:
            return number(httpx.get(f"{inside}/metrics").text, 'poebook_streams_in_flight{bot="Slow"}')

        assert under_way() == 12
        victim = streams[0].worker
        os.kill(victim, signal.SIGKILL)
        left = sum(one.worker != victim for one in streams)
        until(lambda: under_way() == left)
        service.wait_for("another takes its place")
        service.process.send_signal(signal.SIGTERM)
        until(lambda: httpx.get(f"{inside}/readyz").status_code == 503)
        assert httpx.get(f"{inside}/livez").status_code == 200
        assert under_way() == left, "streams are under way while nobody else is let in"
        (folder / "over").touch()
        wait()
        assert sum(one.whole for one in streams) == left
        assert service.process.wait(PATIENCE) == 0
        assert not any("POST" in line for line in service.said)


def test_without_the_library_the_command_that_installs_it_is_told(folder: Path) -> None:
    program = (
        "import sys; sys.modules['prometheus_client'] = None\nfrom poebook.cli import main\n"
        "command = ['serve', 'bots.py:Echo', '--metrics', '--port', '0']\n"
        "for more in ([], ['--workers', '2']): print(main([*command, *more]))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout == "1\n1\n"
    assert done.stderr == "poebook: This needs the package prometheus-client: pip install 'poebook[metrics]'.\n" * 2


def number(figures: str, name: str) -> float:
    """The figure of that name and those labels."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", figures, re.MULTILINE)
    assert found, f"{name} is not in {figures}"
    return float(found[1])
