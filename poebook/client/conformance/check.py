"""A live bot checked: all visits, then all rules."""

from __future__ import annotations

import asyncio

from poebook.client.conformance.evidence import Evidence, Rule
from poebook.client.conformance.exchange import Exchange, Request, carry_out
from poebook.client.conformance.finding import SEVERITIES, Finding
from poebook.client.conformance.limits import Limits
from poebook.client.conformance.rules import RULES
from poebook.client.conformance.visits import AFTER, BESIDE, BUSY, FIRST, LEAVING, SETTINGS, VISITS, Visit
from poebook.client.pool import new_client
from poebook.client.portal import client_portal
from poebook.client.refusals import masked
from poebook.errors import InvalidParameterError

SECONDS = 150.0  # a little more than Poe gives an answer
AT_ONCE = 6
_GRACE_S = 3.0  # past a limit, so that it can be told apart from a bot that is never done
_HEAD_START_S = 0.05
_NOTICE_S = 0.25  # what goes with its asker needs a moment to notice that one has left


def check_bot(
    url: str, key: str | None = None, *, limits: Limits | None = None, seconds: float = SECONDS
) -> list[Finding]:
    """What is wrong with the bot server at *url*, errors first; an empty list where all is well.

    It is asked some forty times, so a bot that costs money costs some. ``key`` is its access key (``$NAME`` reads an
    environment variable), ``seconds`` bounds the whole check. Blocks, also inside a running loop. Raises
    InvalidParameterError when *url* is no address.

    >>> check_bot("http://127.0.0.1:9/nobody")[0].check
    'reach.no-connection'
    """
    return client_portal().run(check_bot_async(url, key, limits=limits, seconds=seconds))


async def check_bot_async(
    url: str, key: str | None = None, *, limits: Limits | None = None, seconds: float = SECONDS
) -> list[Finding]:
    """The same for coroutines."""
    from poebook.client.targets import resolve

    if not url.startswith(("http://", "https://")):
        raise InvalidParameterError(f"{url} is no address that can be checked; it should look like https://host/path.")
    target = resolve(url, key)
    evidence = Evidence(url, target.key or None, limits or Limits())
    return findings(await gather(evidence, seconds))


def findings(evidence: Evidence) -> list[Finding]:
    """What the rules say about *evidence*, errors first."""
    found: list[Finding] = []
    for rule in RULES:
        seen = rule.see(evidence)
        if seen is not None:
            found.append(_finding(rule, seen, evidence.key))
            if rule.gate:
                break
    return sorted(found, key=lambda one: SEVERITIES.index(one.severity))


def _finding(rule: Rule, seen: str, key: str | None) -> Finding:
    return Finding(rule.check, rule.severity, masked(seen, key), rule.remedy)


async def gather(evidence: Evidence, seconds: float) -> Evidence:
    """Make the visits, side by side, within *seconds*; what was not to be had in them stays ``unasked``."""
    until = asyncio.get_running_loop().time() + seconds
    secure = evidence.url.startswith("https:")
    async with new_client(secure=secure) as client:
        asker = _Asker(evidence, client, until)
        await asker.ask(FIRST)
        if not _goes_on(evidence):
            return evidence
        await asker.ask(SETTINGS)
        seats = asyncio.Semaphore(AT_ONCE)

        async def seated(visit: Visit) -> None:
            async with seats:
                await asker.ask(visit)

        await asyncio.gather(*(seated(visit) for visit in VISITS if _applies(visit, evidence)))
        await asker.ask_beside()
        await asker.ask(LEAVING)
        await asyncio.sleep(_NOTICE_S)
        await asker.ask(AFTER)
    return evidence


def _goes_on(evidence: Evidence) -> bool:
    return not any(rule.gate and rule.see(evidence) is not None for rule in RULES)


def _applies(visit: Visit, evidence: Evidence) -> bool:
    """What is asked about the key is asked of bots that have one; an empty one is none."""
    with_key = {v.name for v in VISITS if v.header is not FIRST.header}
    return evidence.key is not None or visit.name not in with_key


class _Asker:
    def __init__(self, evidence: Evidence, client: object, until: float) -> None:
        self._evidence = evidence
        self._client = client
        self._until = until

    async def ask(self, visit: Visit) -> None:
        import httpx

        assert isinstance(self._client, httpx.AsyncClient)
        evidence = self._evidence
        left = self._until - asyncio.get_running_loop().time()
        seen = evidence.exchanges[visit.name] = Exchange(visit.says)
        if left > 0:
            most = min(left, evidence.limits.answer_s + _GRACE_S)
            await carry_out(self._client, _request(visit, evidence), seen, most)

    async def ask_beside(self) -> None:
        """Ask for the settings while a question is being answered."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self.ask(BUSY))
            await asyncio.sleep(_HEAD_START_S)
            both.create_task(self.ask(BESIDE))


def _request(visit: Visit, evidence: Evidence) -> Request:
    headers = {"accept-encoding": b"identity", "content-type": b"application/json"}
    if visit.method == "POST":
        headers["accept"] = b"text/event-stream"
    if evidence.key is not None and (said := visit.header(evidence.key)) is not None:
        headers["authorization"] = said
    return Request(visit.method, evidence.url, headers, visit.content(evidence.parameters), visit.leave_after)
