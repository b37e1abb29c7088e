"""The notebook that is measured: bots, their chat, and the floor, which does the same with nothing but a ``<pre>``."""

from __future__ import annotations

import textwrap

from tests.bench.page import texts

END = texts.END

_SETUP = f"""
%load_ext poebook
import sys; sys.path.insert(0, {str(texts.ROOT)!r})
import poebook as fp, asyncio, time
from tests.bench.page.texts import END, pieces
ended = 0.0
"""

# Asked "COUNT PACE": so many events, so many a second; pace 0 is as fast as they go.
_BOT = """
%%poebot tide
async def get_response(request):
    global ended
    count, pace = map(int, request.query[-1].content.split())
    start = time.perf_counter()
    for number, piece in enumerate(pieces(count)):
        if number == count - 1:
            ended = time.time()
        yield piece
        if pace and number % 20 == 0:
            await asyncio.sleep(max(0.0, start + number / pace - time.perf_counter()))
"""

# The same bot by the same server, client, batches and messages of a widget; the page appends what comes to a <pre>.
_FLOOR = """
import anywidget
from poebook.client.portal import client_portal
from poebook.widget.feed import Feed

class Raw(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        const pre = document.createElement("pre");
        pre.className = "raw";
        const ask = document.createElement("button");
        ask.textContent = "Ask the floor";
        ask.addEventListener("click", () => model.send({ kind: "ask" }));
        el.append(ask, pre);
        model.on("msg:custom", (message) => {
          for (const op of message.ops ?? [])
            if (op.op === "text") pre.append(op.text);
            else if (op.op === "clear") pre.textContent = "";
        });
        model.send({ kind: "hello" });
    } }'''

    def __init__(self):
        super().__init__()
        self.conversation = fp.Conversation("tide")
        self.feed = Feed(client_portal(), self.send, lambda: {"card": None, "chat": None, "options": {}})
        self.conversation.subscribe(self.feed.change)
        self.on_msg(self.heard)

    def heard(self, _, content, buffers):
        if content["kind"] == "hello":
            client_portal().call(self.feed.hello)
        else:
            self.conversation.commands.send(QUESTION, [], None)

QUESTION = "10000 0"
raw = Raw()
raw
"""

# 500 messages: 250 questions, each with an answer of some paragraphs, code and a list.
_TALK = """
class Talk(fp.PoeBot):
    async def get_response(self, request):
        yield "".join(pieces(150)[:-1]) + f" Answer {request.query[-1].content}."

talk = fp.Conversation(Talk(bot_name="talk"))
for number in range(1, 251):
    talk.ask(f"{number:03}")
"""

SETUP, BOT, FLOOR, NEW_FLOOR, TALK, OPEN, ENDED = range(7)
CELLS = [
    textwrap.dedent(cell).strip()
    for cell in (
        _SETUP,
        _BOT,
        _FLOOR,
        "raw.conversation.new()",
        _TALK,
        "fp.Chat(talk)",
        "print(ended)",
    )
]
