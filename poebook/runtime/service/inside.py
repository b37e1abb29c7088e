"""A port of its own on the loopback interface, for whoever watches over the service from this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class InsideDoor:
    """Answers ``/metrics``, ``/readyz`` and ``/livez`` from a thread, also while the service ends. Raises OSError.

    >>> from urllib.request import urlopen
    >>> with InsideDoor(0, lambda: b"tides 1", lambda: True) as door:
    ...     urlopen(f"http://127.0.0.1:{door.port}/metrics").read()
    b'tides 1'
    """

    def __init__(self, port: int, figures: Callable[[], bytes], is_ready: Callable[[], bool]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                match self.path.partition("?")[0]:
                    case "/metrics":
                        self._answer(200, figures())
                    case "/readyz":
                        self._answer(*((200, b"ready\n") if is_ready() else (503, b"not ready\n")))
                    case "/livez":
                        self._answer(200, b"alive\n")
                    case _:
                        self._answer(404, b"Here are /metrics, /readyz and /livez.\n")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", METRICS_TYPE)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                """Nothing: it is asked every few seconds."""

        self._server = ThreadingHTTPServer((HOST, port), Handler)
        self.port: int = self._server.server_port

    def __enter__(self) -> InsideDoor:
        threading.Thread(target=self._server.serve_forever, args=[0.1], name="poebook-inside", daemon=True).start()
        return self

    def __exit__(self, *of: object) -> None:
        self._server.shutdown()
        self._server.server_close()
