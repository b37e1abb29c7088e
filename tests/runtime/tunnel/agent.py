"""A stand-in for ngrok's agent: it speaks its log and its API, and really forwards.

``STAND_IN_AGENT`` says how it behaves: ``good``, ``buffering`` (it gathers answers), ``interstitial`` (it puts a page
before the bot), ``refusing`` (the auth token), ``taken`` (the domain), ``used-up`` (the plan), ``silent`` (alive, and
says nothing), ``dumb`` (its API does not answer once the tunnel is open). ``STAND_IN_LOG`` names a file that gets its
process id, its arguments and what it was told to open.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOW = os.environ.get("STAND_IN_AGENT", "good")
DUMB = threading.Event()


def log(line: str) -> None:
    print(f"t=2026-01-01T00:00:00+0000 lvl=info {line}", flush=True)


def note(**fields: object) -> None:
    with open(os.environ["STAND_IN_LOG"], "a") as out:
        out.write(json.dumps(fields) + "\n")


class Front(BaseHTTPRequestHandler):
    """The public address: hands on to the port."""

    protocol_version = "HTTP/1.1"
    upstream = ""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if HOW == "interstitial":
            return self.plainly(200, b"<p>You are about to visit", "text/html")
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "content-length", "connection")}
        request = urllib.request.Request(self.upstream + self.path, body, headers, method=self.command)
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        except OSError:
            return self.plainly(502, b"ERR_NGROK_8012", "text/plain")
        with answer:
            kind = answer.headers.get("content-type", "")
            if HOW == "buffering" or "event-stream" not in kind:
                return self.plainly(answer.status, answer.read(), kind)
            self.send_response(answer.status)
            self.send_header("content-type", kind)
            self.send_header("connection", "close")
            self.end_headers()
            while chunk := answer.read1(65536):
                self.wfile.write(chunk)
                self.wfile.flush()
            self.close_connection = True
        return None

    do_GET = do_POST

    def plainly(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None: ...


class Api(Front):
    """The agent's own API: endpoints are opened, listed and closed."""

    fronts: dict[str, ThreadingHTTPServer] = {}  # noqa: RUF012

    def do_GET(self) -> None:
        while DUMB.is_set():
            time.sleep(1)
        self.as_json(200, {"endpoints": [], "tunnels": []})

    def do_DELETE(self) -> None:
        self.plainly(204, b"", "application/json")

    def do_POST(self) -> None:
        wanted = json.loads(self.rfile.read(int(self.headers["content-length"])))
        note(opened=wanted)
        if HOW in ("taken", "used-up"):
            code = {"taken": "334", "used-up": "727"}[HOW]
            said = {"error_code": 103, "status_code": 502, "msg": "failed", "details": {"err": f"no. ERR_NGROK_{code}"}}
            return self.as_json(502, said)
        front = ThreadingHTTPServer(("127.0.0.1", 0), type("Front", (Front,), {"upstream": wanted["upstream"]["url"]}))
        threading.Thread(target=front.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{front.server_port}"
        if HOW == "dumb":
            DUMB.set()
        name = wanted["name"]
        return self.as_json(
            201, {"name": name, "id": name, "url": url, "public_url": url, "uri": f"/api/endpoints/{name}"}
        )

    def as_json(self, status: int, value: object) -> None:
        self.plainly(status, json.dumps(value).encode(), "application/json")


def main() -> None:
    token = os.environ.get("NGROK_AUTHTOKEN", "")
    note(pid=os.getpid(), arguments=sys.argv[1:], token=hashlib.sha256(token.encode()).hexdigest())  # it is a secret
    if HOW == "silent":
        time.sleep(600)
    if HOW == "refusing":
        words = "authentication failed: The authtoken you specified is not valid: b4d. ERR_NGROK_105"
        print(f't=2026-01-01T00:00:00+0000 lvl=eror msg="session closing" err="{words}"', flush=True)
        sys.exit(1)
    api = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    log(f'msg="starting web service" obj=web addr=127.0.0.1:{api.server_port}')
    log('msg="tunnel session started" obj=tunnels.session')
    log('msg="client session established" obj=csess')
    threading.Event().wait()


if __name__ == "__main__":
    main()
