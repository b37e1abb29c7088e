"""The copy of a conversation that a notebook keeps beside the chat, for whoever opens it without a kernel."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping

from poebook.client import history
from poebook.client.conversation import Conversation
from poebook.client.portal import Portal
from poebook.client.prose import prose
from poebook.client.sheet import sheet, title
from poebook.client.turns import ConversationState, Op
from poebook.widget.messages import Message

Bundle = dict[str, str]
Change = tuple[str, int, int, str]  # what stands before, from where to where the old goes on, what stands after
Publish = Callable[[Bundle], None]
Reply = Callable[[Callable[[], Message]], None]

_CHANGES = frozenset({"end", "path", "clear"})  # after which the copy is made anew
_SETTLE_S = 0.25  # several answers that end together make one copy, and the page has shown them before it comes
_PAUSE_S = 1.0
_LONG_S = 4.0  # an answer that takes longer is copied as far as it is, in case the kernel does not live to its end,
_SELDOM_S = 60.0  # and again after twice the time, at most so long
_SMALL = 50_000  # characters; more is published anew only for pages that wait for a good moment to show it
_BYTES_A_S = 200_000  # of what a kernel may send, most belongs to the chats
_HEAD = "This is the conversation as it was saved; run the cell to go on."
# Beside the copy a widget that does not live shows nothing but that JupyterLab cannot show it.
_BESIDE = (
    ".jp-OutputArea-child:has(+ .jp-OutputArea-child > .jp-OutputArea-output .{mark}):not(:has(.poebook))"
    " {{ display: none; }}"
)
_HEADING = 4  # headings of a size with the notebook's text
_MOST = 1_000_000  # characters; Jupyter's server drops more than a megabyte a second
_TOGETHER = 20  # turns that are left out together, so that most copies go on from the one before
_FORMULA = re.compile(r"\$|\\[(\[]|\\begin")


class Saved:
    """Follows a conversation, and publishes it as HTML and Markdown when an answer has ended, or takes its time.

    ``reply`` has a message made and sent to the pages. What is shown beside a chat has the display id ``display_id``.
    """

    def __init__(self, chat_id: str, conversation: Conversation, portal: Portal, reply: Reply) -> None:
        self.display_id = f"poebook-{chat_id}"
        self._mark = f"poebook-saved-{chat_id}"
        self._style = f"<style>{_BESIDE.format(mark=self._mark)}</style>"
        self._conversation = conversation
        self._portal = portal
        self._reply = reply
        self._heard_of = False  # whether a page is there
        self._kept_there = False  # whether it puts the copy in its place itself
        self._publish: Publish | None = None
        self._edition = 0
        self._published = 0
        self._last: Bundle = {}  # of that edition
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0  # when it was set, on the loop's clock
        self._task: asyncio.Task[None] | None = None
        self._sending: asyncio.Task[None] | None = None
        self._unfinished: set[str] = set()  # ids of answers
        self._meanwhile: asyncio.TimerHandle | None = None
        self._written: dict[str, str] = {}
        self._leave = conversation.subscribe(self._heard)
        portal.call(self._meet)

    def show(self, publish: Publish) -> Bundle:
        """What stands beside the chat now; *publish* is given what takes its place later, on any thread."""
        self._publish, self._published = publish, self._edition
        self._last = self._made(self._conversation.snapshot(), self._published)
        return self._last

    def settle(self) -> None:
        """Publish at once, from any thread, what would be published soon: after a cell nobody may listen any more."""
        edition = self._edition
        if self._publish is None or self._kept_there or self._published == edition or not self._portal.alive:
            return
        bundle = self._made(self._conversation.snapshot(), edition)
        self._publish(bundle)
        self._published, self._last = edition, bundle

    def hello(self, keeps: bool = False) -> None:
        """A page is there, which may put the copy in its place itself when it costs nobody anything; on the loop."""
        self._heard_of, self._kept_there = True, keeps
        self._tell()

    def send(self) -> None:
        """Send the copy to the pages, for one that has to put it in its place itself; on the portal's loop."""
        if self._publish is not None and self._sending is None:
            self._sending = self._portal.loop.create_task(self._send())
            self._sending.add_done_callback(self._sent)

    def close(self) -> None:
        """Follow no more; on the portal's loop."""
        self._leave()
        self._publish = None
        for timer in (self._timer, self._meanwhile):
            if timer is not None:
                timer.cancel()

    def _heard(self, op: Op) -> None:
        self._follow(op)
        if op["op"] in _CHANGES:
            self._edition += 1
            self._wake(_SETTLE_S)
        elif op["op"] == "turn" and self._timer is not None:  # the answer that begins goes before the copy
            self._timer.cancel()
            self._timer = self._portal.loop.call_at(self._since + _PAUSE_S, self._begin)

    def _meet(self) -> None:
        """Know who answers already, as when a cell is run again in mid-answer."""
        self._follow({"op": "path", "turns": self._conversation.snapshot()["turns"][-1:]})

    def _follow(self, op: Op) -> None:
        """Keep in mind who answers, and look after a while whether they still do."""
        before = bool(self._unfinished)
        if op["op"] == "end":
            self._unfinished.discard(op["id"])
        elif op["op"] == "clear":
            self._unfinished.clear()
        else:
            turns = [op] if op["op"] == "turn" else op["turns"] if op["op"] == "path" else []
            self._unfinished |= {one["id"] for turn in turns for one in turn["answers"] if one["state"] == "streaming"}
        if self._unfinished and not before:
            self._look_after(_LONG_S)
        elif not self._unfinished and self._meanwhile is not None:
            self._meanwhile.cancel()

    def _look_after(self, delay: float) -> None:
        self._meanwhile = self._portal.loop.call_later(delay, self._still, delay)

    def _still(self, waited: float) -> None:
        """Somebody answers still: what there is so far is worth a copy."""
        if self._kept_there or sum(map(len, self._last.values())) < _SMALL:
            self._edition += 1
            self._wake(0)
        self._look_after(min(2 * waited, _SELDOM_S))

    def _wake(self, delay: float) -> None:
        if self._timer is None and self._task is None and self._publish is not None:
            self._since = self._portal.loop.time()
            self._timer = self._portal.loop.call_later(delay, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._task = self._portal.loop.create_task(self._update())
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def _update(self) -> None:
        edition, size = self._edition, 0
        try:
            if self._publish is not None and self._published != edition:
                bundle = await self._now()
                if self._kept_there:
                    size = await self._send_changes(edition, bundle)
                else:
                    size = sum(map(len, bundle.values()))
                    await asyncio.to_thread(self._publish, bundle)
                self._published, self._last = edition, bundle
            self._tell()
            await asyncio.sleep(max(_PAUSE_S, size / _BYTES_A_S))
        finally:
            self._task = None
        if self._edition != edition:
            self._wake(_SETTLE_S)

    async def _send_changes(self, edition: int, bundle: Bundle) -> int:
        """Tell the pages what is new since the copy that they have; the characters of that."""
        since = self._published
        changes = await asyncio.to_thread(changed, self._last, bundle)
        self._reply(lambda: {"kind": "changes", "edition": edition, "since": since, "data": changes})
        return sum(len(before) + len(after) for before, _, _, after in changes.values())

    async def _send(self) -> None:
        edition = self._edition
        bundle = await self._now()
        self._reply(lambda: {"kind": "copy", "edition": edition, "data": bundle})
        if self._kept_there:
            self._published, self._last = edition, bundle

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending = None
        if not task.cancelled():
            task.exception()

    def _tell(self) -> None:
        """Tell the pages which copy is the newest."""
        if self._publish is not None and self._heard_of:
            self._reply(lambda: {"kind": "saved", "edition": self._edition})

    async def _now(self) -> Bundle:
        return await asyncio.to_thread(self._made, self._conversation.snapshot(), self._edition)

    def _made(self, state: ConversationState, edition: int) -> Bundle:
        """The copy of *state*; of what is too long for the way to the page, the later turns."""
        left_out = 0
        while True:
            bundle = self._bundle(state, edition, left_out)
            if sum(map(len, bundle.values())) <= _MOST or len(state["turns"]) < 2:
                return bundle
            less = (len(state["turns"]) + 1) // 2
            less = min(less + -less % _TOGETHER, len(state["turns"]) - 1)
            left_out += less
            state = {**state, "turns": state["turns"][less:]}

    def _bundle(self, state: ConversationState, edition: int, left_out: int) -> Bundle:
        opening = f'<div class="poebook-saved {self._mark}" data-edition="{edition}">'
        if not state["turns"]:
            return {"text/html": f"{opening}</div>", "text/markdown": "", "text/plain": ""}
        told = {answer["text"] for turn in state["turns"] for answer in turn["answers"]}
        self._written = {text: html for text, html in self._written.items() if text in told}
        head = _HEAD + (f" The first {left_out} questions and their answers are left out." if left_out else "")
        body = sheet(state, self._write)
        if not _FORMULA.search(body):  # else the front end looks for formulas in all of it
            opening = opening.replace(self._mark, f"{self._mark} mathjax_ignore", 1)
        return {
            "text/html": f"{opening}{self._style}<p><small>{head}</small></p>\n{body}</div>",
            "text/markdown": f"*{head}*\n\n{history.markdown(state)}",
            "text/plain": title(state),
        }

    def _write(self, text: str, files: Mapping[str, str]) -> str:
        """An answer's HTML, made once."""
        if files:
            return prose(text, files, _HEADING, outline=False)
        if text not in self._written:
            self._written[text] = prose(text, {}, _HEADING, outline=False)
        return self._written[text]


def changed(old: Bundle, new: Bundle) -> dict[str, Change]:
    """What turns one copy into the next, per type; places count UTF-16 units, as pages do.

    >>> changed({"text/plain": "one"}, {"text/plain": "one, two"})
    {'text/plain': ('', 0, 3, ', two')}
    """
    return {type: _change(old.get(type, ""), text) for type, text in new.items()}


def _change(old: str, new: str) -> Change:
    """The edition in an HTML's first tag is another one each time, what follows goes on."""
    start, opened = (text.find(">") + 1 if text.startswith("<div") else 0 for text in (old, new))
    least, most = 0, min(len(old) - start, len(new) - opened)
    while least < most:
        middle = (least + most + 1) // 2
        if old.startswith(new[opened + least : opened + middle], start + least):
            least = middle
        else:
            most = middle - 1
    begin = _units(old[:start])
    return new[:opened], begin, begin + _units(old[start : start + least]), new[opened + least :]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
