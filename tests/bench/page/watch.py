"""What the page notes of itself: when it was asked, when the last character stood there, and what held it up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.bench.page import urgency

PATIENCE = 600_000  # milliseconds; others take minutes
_BARS = 200  # pixels, more than they have

# The end of what is shown, through shadow roots too, as Panel's page is made of those.
_WATCH = """
({ scope, mark, begin }) => {
  const tail = (node, left) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (/^(STYLE|SCRIPT|TEMPLATE|TEXTAREA)$/.test(node.nodeName)) return "";
    let text = "";
    for (let child = (node.shadowRoot ?? node).lastChild; child && text.length < left; child = child.previousSibling)
      text = tail(child, left - text.length) + text;
    return text;
  };
  window.benchStalls?.disconnect();
  const bench = (window.bench = { begun: null, seen: null, stalls: [] });
  window.benchStalls = new PerformanceObserver((list) => {
    for (const one of list.getEntries())
      bench.stalls.push([(performance.timeOrigin + one.startTime) / 1000, one.duration]);
  });
  window.benchStalls.observe({ type: "longtask" });
  const look = () => {
    if (window.bench !== bench) return;
    const places = document.querySelectorAll(scope);
    const last = places[places.length - 1];
    if (last && tail(last, 1000).includes(mark)) requestAnimationFrame(() => (bench.seen = Date.now() / 1000));
    else setTimeout(look, 16); // asking for each frame would cost frames that nobody else asked for
  };
  const started = (event) => {
    if (event.type === "keydown" && event.key !== "Enter") return;
    removeEventListener(begin, started, true);
    bench.begun = Date.now() / 1000;
    look();
  };
  addEventListener(begin, started, true);
}
"""

# Once the browser has told of the stalls until now.
_FOUND = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.bench), 50)))"


@dataclass(frozen=True)
class Seen:
    """Times in seconds since the epoch, stalls in milliseconds, how busy the page was from 0 to 1."""

    begun: float
    seen: float
    stalls: list[float]
    busy: float

    @property
    def took(self) -> float:
        """Seconds from the key or click that sent the question to the last character."""
        return self.seen - self.begun

    @property
    def longest(self) -> float:
        """The longest stall of the page's main thread; below 50 ms the browser tells of none."""
        return max(self.stalls, default=0.0)


class Watch:
    """Looks at one page, one work at a time."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})  # work, not waiting for a turn
        self._cdp.send("Performance.enable")
        self._cdp.send("HeapProfiler.enable")
        # A window is as high as its page is meant to be, with the browser's own bars in it. What is below its edge is
        # never drawn, so a key pressed there took until something else was: over a second, if that was the last key.
        window = self._cdp.send("Browser.getWindowForTarget")
        bounds = {"height": window["bounds"]["height"] + _BARS}
        self._cdp.send("Browser.setWindowBounds", {"windowId": window["windowId"], "bounds": bounds})

    def begin(self, scope: str, mark: str, begin: str = "keydown") -> None:
        """Look from the next Enter (or ``click``) on whether *mark* ends the last element that *scope* selects."""
        urgency.share()
        self._page.evaluate(_WATCH, {"scope": scope, "mark": mark, "begin": begin})
        self._before, self._at = self._worked(), time.perf_counter()

    def tidy(self) -> None:
        """Have the browser put away what is not used any more."""
        self._cdp.send("HeapProfiler.collectGarbage")

    def end(self) -> Seen:
        """Wait until it stands there."""
        self._page.wait_for_function("window.bench.seen !== null", timeout=PATIENCE, polling=100)
        busy = (self._worked() - self._before) / (time.perf_counter() - self._at)
        found: dict[str, Any] = self._page.evaluate(_FOUND)
        stalls = [ms for at, ms in found["stalls"] if found["begun"] <= at <= found["seen"]]
        return Seen(found["begun"], found["seen"], stalls, busy)

    def _worked(self) -> float:
        """Seconds that the page's main thread has worked."""
        found = self._cdp.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in found if one["name"] == "TaskDuration"))


_KEYS = """
() => {
  window.benchKeys = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name === "keydown") window.benchKeys.push(one.duration);
  }).observe({ type: "event", durationThreshold: 16 });
}
"""


def keys_watched(page: Page) -> None:
    """Note from now on how long each key takes until the page shows what it did."""
    page.evaluate(_KEYS)


def slowest_key(page: Page) -> float:
    """Milliseconds from a key's press to the next picture, the worst of all; below 16 the browser tells of none."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
    return float(page.evaluate("Math.max(0, ...window.benchKeys)"))
