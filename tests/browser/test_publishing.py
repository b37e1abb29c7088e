"""The card of a published bot, clicked in JupyterLab."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.desk import PATIENCE

ECHO = "%%poebot echo --no-chat\ndef get_response(request): return request.query[-1].content"
OTHER = "%%poebot other --no-chat\ndef get_response(request): return ''"
# A test may take this kernel's own address for a public one.
PUBLISH = "fp.served()['other'].publish('url', url=fp.served()['other'].base_url)\nNone"
# A stand-in for Poe's servers that takes whatever it is told.
POE = """\
import http.server, os, threading
class Poe(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(int(os.environ.get("POE_SAYS", "404"))); self.send_header("content-length", "2")
        self.end_headers(); self.wfile.write(b"{}")
    def log_message(self, *words): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Poe)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["POE_BASE_URL"] = f"http://127.0.0.1:{server.server_port}/"
"""


def test_a_bot_is_published_at_a_click_and_its_card_tells_the_rest(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(POE, OTHER, PUBLISH, ECHO, "import os; os.environ['POE_SAYS'] = '200'")
    for number in (1, 2, 3, 4):
        notebook.run(number)
    card = notebook.cell(4).locator(".poebook")
    expect(card.get_by_text("Serving")).to_be_visible()
    card.get_by_role("button", name="Publish", exact=True).click()
    expect(card.get_by_text("Published")).to_be_visible(timeout=PATIENCE)
    checks = card.get_by_role("region", name="Checks")
    expect(checks.get_by_role("listitem")).to_have_count(4)
    expect(checks).to_contain_text("4 of 4 passed")
    poe = card.get_by_role("region", name="At Poe")
    expect(poe.get_by_role("link")).to_have_attribute("href", "https://poe.com/create_bot?server=1")
    expect(poe.get_by_text("Poe knows no bot echo yet; create it there, then push the settings.")).to_be_visible()
    poe.get_by_role("button", name="Copy name").click()
    expect(poe.get_by_role("button", name="Copied")).to_be_visible()
    notebook.run(5)
    poe.get_by_role("button", name="Push settings").click()
    expect(poe.get_by_text("Poe has the settings")).to_be_visible(timeout=PATIENCE)
    card.get_by_role("button", name="Unpublish").click()
    expect(card.get_by_text("Serving")).to_be_visible(timeout=PATIENCE)
    expect(card.get_by_role("region", name="At Poe")).to_have_count(0)
