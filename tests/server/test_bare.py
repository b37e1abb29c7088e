"""A bot on a server needs neither the notebook nor, as an ASGI application, FastAPI."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFUSED = ("IPython", "ipywidgets", "anywidget", "pyngrok", "traitlets", "ipykernel")


def _python(code: str, *refused: str) -> str:
    """What *code* prints in a process where some imports are refused."""
    gate = f"import sys\nfor name in {refused!r}:\n    sys.modules[name] = None\n"
    done = subprocess.run(
        [sys.executable, "-c", gate + textwrap.dedent(code)], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


_BOT = """
import poebook as fp

class Echo(fp.PoeBot):
    async def get_response(self, request):
        yield fp.PartialResponse(text=request.query[-1].content)

message = fp.ProtocolMessage(role="user", content="over a socket")
"""


def test_a_bot_is_served_and_asked_without_the_notebook() -> None:
    asked = """
import asyncio
from tests.webserver import serving

async def ask(url):
    parts = fp.get_bot_response([message], "echo", "k" * 32, base_url=url + "/")
    return "".join([part.text async for part in parts])

with serving(fp.make_app(Echo(path="/echo", access_key="k" * 32))) as url:
    print(asyncio.run(ask(url)))
"""
    assert _python(_BOT + asked, *REFUSED) == "over a socket"


def test_a_bots_asgi_application_needs_no_fastapi() -> None:
    asked = """
import asyncio, json

async def ask(app):
    body, sent = {"version": "1.2", "type": "query", "query": [message.model_dump()],
                  "message_id": "m", "user_id": "u", "conversation_id": "c"}, []
    async def receive():
        if sent:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": json.dumps(body).encode()}
    async def send(part):
        sent.append(part)
    await app({"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send)
    return b"".join(part.get("body", b"") for part in sent)

print(b"over a socket" in asyncio.run(ask(Echo().asgi_app())))
"""
    assert _python(_BOT + asked, *REFUSED, "fastapi", "uvicorn", "httpx") == "True"
