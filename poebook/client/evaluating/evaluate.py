"""Asking each of several bots each of several questions, and what came of it as a table."""

from __future__ import annotations

import asyncio
import queue
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, NamedTuple

from poebook.client.answer import Answer
from poebook.client.conversation import Conversation
from poebook.client.dialogue import distinct
from poebook.client.evaluating.cases import Case, cases_of
from poebook.client.evaluating.progress import progress as shown
from poebook.client.evaluating.table import table_of
from poebook.client.nested import Heard
from poebook.client.portal import client_portal
from poebook.client.tapes.matchers import Matcher, checks_of
from poebook.client.tapes.questions import Questions
from poebook.client.tapes.replaying import ask
from poebook.client.targets import resolve
from poebook.errors import InvalidParameterError, PoebookError

Row = dict[str, Any]


class _Job(NamedTuple):
    place: int
    target: str
    spec: object
    case: Case
    repeat: int


def evaluate(
    targets: object,
    cases: object,
    *,
    checks: Matcher = None,
    repeats: int = 1,
    parallel: int = 4,
    key: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    timeout: float | None = 300.0,
    progress: bool | None = None,
) -> Any:
    """Ask each target each case, each in a conversation of its own; a DataFrame, or ``Rows`` where there is no pandas.

    *targets* is one (see ``fp.Conversation``), a list, or a mapping from the names that the table is to show. *cases*
    are texts; dicts with ``text`` and, where wanted, ``expect``, ``attachments``, ``parameters`` and further columns
    for the table; a DataFrame of such; or the path of a CSV or JSON Lines file of such, or of a tape, whose questions
    are asked with their history. *checks* are what every answer's text has to be like, and ``expect`` what that of a
    case: a text (whitespace aside), ``{"contains": ...}``, ``{"regex": ...}``, ``{"numbers": TOLERANCE}``, a callable,
    or a list of these, as ``fp.replay`` has them.

    The columns are ``target``, ``case``, ``repeat`` where there are *repeats*, those of the cases, ``text``,
    ``first_event_s`` and ``total_s`` (seconds), ``events`` (how many), ``error``, ``passed`` (None where nothing was
    to check), ``why`` not, and ``cost`` where it is known. A bot that fails is a row. *parallel* is how many questions
    are under way at once, *timeout* in seconds for each, *key* for targets that are URLs. An interrupt keeps what is
    done, and warns. ``progress`` shows a bar or none; left out, where somebody looks on. Raises UnknownTarget,
    InvalidParameterError.

    >>> from poebook import PoeBot, evaluate
    >>> class Echo(PoeBot):
    ...     async def get_response(self, request):
    ...         yield request.query[-1].content
    >>> table = evaluate(Echo(), ["low tide", "high tide"], checks={"contains": "low"})
    >>> list(table["passed"])
    [True, False]
    """
    jobs, run = _prepared(targets, cases, checks, repeats, parallel, key, parameters, timeout)
    portal = client_portal()
    if portal.inside:
        raise RuntimeError("A blocking evaluation would wait for itself here; use `await fp.evaluate_async(...)`.")
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    rows: dict[int, Row] = {}  # filled on the portal's thread: an interrupt falls into what this one does

    def take(place: int, row: Row) -> None:
        rows[place] = row
        told.put(row["target"])

    try:
        with shown(len(jobs), progress) as step, _ending(portal.submit(run(take))) as future:
            left = len(jobs)
            while left:
                if future.done() and told.empty():
                    future.result()
                try:
                    target = told.get(timeout=0.2)
                except queue.Empty:
                    continue
                left -= 1
                step(target)
    except KeyboardInterrupt:
        warnings.warn(f"Interrupted: {len(rows)} of {len(jobs)} answers are in the table.", stacklevel=2)
    return table_of(rows[place] for place in sorted(rows))


async def evaluate_async(
    targets: object,
    cases: object,
    *,
    checks: Matcher = None,
    repeats: int = 1,
    parallel: int = 4,
    key: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    timeout: float | None = 300.0,
    progress: bool | None = None,
) -> Any:
    """The same as ``evaluate``, awaited.

    >>> from poebook import PoeBot, evaluate_async
    >>> list(asyncio.run(evaluate_async(PoeBot(), ["hi"], checks="hello"))["passed"])
    [True]
    """
    jobs, run = _prepared(targets, cases, checks, repeats, parallel, key, parameters, timeout)
    loop = asyncio.get_running_loop()
    rows: dict[int, Row] = {}
    with shown(len(jobs), progress) as step:

        def take(place: int, row: Row) -> None:
            rows[place] = row
            loop.call_soon_threadsafe(step, row["target"])

        await client_portal().wait(run(take))
        await asyncio.sleep(0)  # the last steps are told
    return table_of(rows[place] for place in sorted(rows))


@contextmanager
def _ending(future: Future[None]) -> Iterator[Future[None]]:
    """*future*, which does not outlive what it is for."""
    try:
        yield future
    finally:
        future.cancel()


def _prepared(
    targets: object,
    cases: object,
    checks: Matcher,
    repeats: int,
    parallel: int,
    key: str | None,
    parameters: Mapping[str, Any] | None,
    timeout: float | None,
) -> tuple[list[_Job], Callable[[Callable[[int, Row], None]], Any]]:
    """The questions, and what asks them and tells of each. Says what is wrong before anybody is asked."""
    for name, number in (("repeats", repeats), ("parallel", parallel)):
        if number < 1:
            raise InvalidParameterError(f"{name} is a number from 1 on; this is {number!r}.")
    named, every = _targets(targets, key), cases_of(cases)
    for case in every:
        checks_of(case.expect if case.expect is not None else ())
    common = checks_of(checks if checks is not None else ())
    each = [(name, spec, case, n) for name, spec in named.items() for case in every for n in range(1, repeats + 1)]
    jobs = [_Job(place, *one) for place, one in enumerate(each)]

    async def run(tell: Callable[[int, Row], None]) -> None:
        free = asyncio.Semaphore(parallel)

        async def one(job: _Job) -> None:
            async with free:
                answer = await _answer(job, key, parameters or {}, timeout)
                tell(job.place, _row(job, answer, common, repeats > 1))

        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(one(job))

    return jobs, run


def _targets(targets: object, key: str | None) -> dict[str, object]:
    """The targets by the names that they have in the table. Raises UnknownTarget."""
    if isinstance(targets, Mapping):
        named = {str(name): target for name, target in targets.items()}
    else:
        listed = list(targets) if isinstance(targets, Sequence) and not isinstance(targets, str) else [targets]
        names = distinct([resolve(target, key).name for target in listed])
        named = dict(zip(names, listed, strict=True))
    if not named:
        raise InvalidParameterError('An evaluation needs somebody to ask: fp.evaluate(["echo"], ["hi"]).')
    for target in named.values():
        resolve(target, key)
    return named


async def _answer(job: _Job, key: str | None, parameters: Mapping[str, Any], timeout: float | None) -> Answer | str:
    """The answer to one question, or why there was none."""
    try:
        if job.case.turn is not None:
            asked = await asyncio.to_thread(Questions, [job.case.turn])
            return await ask(resolve(job.spec, key), asked.body(0), asked.id(0), Heard(), timeout)
        conversation = Conversation(job.spec, key=key, parameters={**parameters, **job.case.parameters})
        async with asyncio.timeout(timeout):
            answer: Answer = await conversation.ask_async(job.case.text, job.case.attachments)
    except TimeoutError:
        return f"{job.target} took longer than {timeout:g} s."
    except PoebookError as error:
        return str(getattr(error, "reason", None) or error)
    except Exception as error:
        return f"The question could not be put: {type(error).__name__}: {error}"
    return answer


def _row(job: _Job, answer: Answer | str, common: Sequence[Callable[..., str | None]], is_repeated: bool) -> Row:
    answered = answer if isinstance(answer, Answer) else None
    error = str(answered.error) if answered and answered.error else None if answered else str(answer)
    checks = [*common, *checks_of(job.case.expect if job.case.expect is not None else ())]
    text = answered.text if answered else ""
    why = [error] if error else [words for check in checks if (words := _checked(check, text, job.case.wanted))]
    return {
        "target": job.target,
        "case": job.case.text,
        **({"repeat": job.repeat} if is_repeated else {}),
        **{name: value for name, value in job.case.labels.items() if name not in ("target", "case", "repeat")},
        "text": text,
        "first_event_s": answered.first_event_s if answered else None,
        "total_s": answered.total_s if answered else None,
        "events": answered.event_count if answered else 0,
        "error": error,
        "passed": not why if checks or error else None,
        "why": "; ".join(why) or None,
        "cost": answered.cost if answered else None,
    }


def _checked(check: Callable[..., str | None], text: str, wanted: str | None) -> str | None:
    try:
        return check(text, wanted)
    except Exception as error:
        return f"the check raised {type(error).__name__}: {error}"
