"""``%%poebot``: the cell is a bot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import poebook
from poebook.errors import PoebookError
from poebook.notebook import finding, showing, source
from poebook.notebook.columns import columns
from poebook.notebook.commands import publish
from poebook.notebook.errors import as_author_reads_it, is_ours, usage
from poebook.notebook.options import OPTIONS, Line, parse
from poebook.notebook.shell import Shell
from poebook.runtime.keys import find_key
from poebook.runtime.names import checked_name, checked_path
from poebook.runtime.registry import serve, served
from poebook.runtime.served import Served
from poebook.runtime.tunnel.providers import provider_named

if TYPE_CHECKING:
    from collections.abc import Callable


def cell_magic(shell: Shell) -> Callable[[str, str], None]:
    """The magic for *shell*, with a docstring made of the table of options."""

    def poebot(line: str, cell: str) -> None:
        serve_cell(shell, line, cell)

    poebot.__doc__ = manual()
    return poebot


def serve_cell(shell: Shell, line: str, cell: str) -> None:
    """Run *cell* and serve the bot that it is. If it fails, the bot served before goes on."""
    said = parse(line)
    try:
        _check(said)
    except PoebookError as error:
        raise usage(error) from None
    shell.user_ns.setdefault("fp", poebook)
    failure: BaseException | None = None
    try:
        ran = source.run(shell, line, cell)
        bot, name = finding.bot_of(ran, shell.user_ns, said.name)
        answered = serve(bot, name, key=said.key, no_key=said.no_key, path=said.path, introduction=said.introduction)
    except BaseException as error:
        _mark_failed(said.name, cell)
        failure = usage(error) if is_ours(error) else as_author_reads_it(shell, error)
    if failure is not None:
        raise failure  # out here, so that it is nobody's context
    if ran.shown and ran.value is not bot and shell.displayhook is not None:
        shell.displayhook(ran.value)
    showing.show(answered, beside=said.beside, chat=not said.no_chat)
    if said.publish and (answered.publication is None or answered.publication.broken):
        _publish(answered, dict(said.public))


def _publish(bot: Served, public: dict[str, str]) -> None:
    """Publish what is served and shown; its card says so by itself."""
    failure: Exception | None = None
    try:
        publish.publish(bot, public.pop("provider", None), public.pop("during", None), public, show=False)
    except PoebookError as error:
        failure = usage(f"{bot.name} is served here, but not published: {error}")
    if failure is not None:
        raise failure


def _check(said: Line) -> None:
    """Refuse what cannot work before the cell has run."""
    if said.public and not said.publish:
        raise PoebookError("An option says how to publish, but --publish is not there; add it.")
    if said.public.get("provider"):
        provider_named(said.public["provider"])
    if said.publish and said.no_key:
        raise PoebookError("--publish and --no-key exclude each other: anybody could ask the bot at your cost.")
    if said.key is not None and said.no_key:
        raise PoebookError("--key and --no-key exclude each other; leave one out.")
    if said.name is not None:
        checked_name(said.name)
    if said.path is not None:
        checked_path(said.path)
    if said.key is not None:
        find_key(said.name or "the bot", said.key)
    if said.beside:
        from poebook.client.targets import resolve

        for target in said.beside:
            if target.removeprefix("local:") != said.name:
                resolve(target)


def _mark_failed(name: str | None, cell: str) -> None:
    """Let the card of the bot that goes on say that its cell failed."""
    names = [name] if name is not None else re.findall(r"^class\s+(\w+)", cell, re.MULTILINE)
    for one in names:
        if one in served():
            served()[one].mark_failed()


def manual() -> str:
    """What ``%%poebot?`` shows.

    >>> "--introduction TEXT" in manual()
    True
    """
    return _MANUAL.format(options=columns((option.usage, option.help) for option in OPTIONS))


_MANUAL = """\
%%poebot [NAME] [OPTIONS]

Serve the bot that the cell is, and chat with it below the cell. Running the cell again swaps
the bot: same name, address, key and conversation; answers under way end with the bot they began
with. If the cell fails, the old bot goes on.

The cell is a bot when it defines a class that subclasses fp.PoeBot (the last one counts), or a
function get_response, or when it ends in an expression that is a fp.PoeBot:

    %%poebot echo
    class Echo(fp.PoeBot):
        async def get_response(self, request):
            yield fp.PartialResponse(text=request.query[-1].content)

    %%poebot shout --introduction "I shout."
    def get_response(request):
        return request.query[-1].content.upper()

get_response takes (request), (self, request) or (request, context). It may be an async
generator, a generator, an async function or a function; it yields or returns str or responses.
get_settings, on_feedback, on_reaction and on_error may stand beside it. What handlers print and
log is in `%poebot logs NAME`. A plain function may block; an async one that does holds up all
bots, and its log says where.

NAME is the last part of the address; without one the class's name is taken.

Options:
{options}

`%poebot?` tells what else can be done with bots.
"""
