"""What an author hands over, made into a bot."""

from __future__ import annotations

import inspect
from difflib import get_close_matches
from typing import TYPE_CHECKING

from poebook.errors import ServeError

if TYPE_CHECKING:
    from poebook.server.bot import PoeBot


def instance_of(bot: object) -> PoeBot:
    """*bot*, or an instance of it when it is a class.

    Raises ServeError when it is no bot, when its method that answers has a name only nearly right, and when its
    constructor wants arguments; what the constructor itself raises comes through.

    >>> from poebook import PoeBot
    >>> instance_of(PoeBot).path
    '/'
    """
    from poebook.server.bot import PoeBot

    if isinstance(bot, PoeBot):
        _refuse_slip(type(bot))
        return bot
    if isinstance(bot, type) and issubclass(bot, PoeBot):
        _refuse_slip(bot)
        wanted = _wanted(bot)
        if wanted:
            example = ", ".join(f"{name}=..." for name in wanted)
            raise ServeError(
                f"{bot.__name__} needs {_listed(wanted)} when it is made, so make it yourself: "
                f"{bot.__name__}({example}) instead of the class, or as the last line of the cell."
            )
        return bot()
    kind = bot if isinstance(bot, type) else type(bot)
    raise ServeError(
        nearly(kind) or f"{kind.__name__} is no bot; a bot is a subclass of fp.PoeBot, or an instance of one."
    )


def nearly(kind: type) -> str | None:
    """What makes a bot of *kind*, which is none, where little is missing.

    >>> nearly(type("Echo", (), {"get_response": print})), nearly(int)
    ('Echo is no bot yet; let it subclass fp.PoeBot: class Echo(fp.PoeBot).', None)
    """
    if any(one.__module__.split(".")[0] == "fastapi_poe" for one in kind.__mro__):
        return f"{kind.__name__} is a bot of fastapi_poe; `import poebook as fp` makes it one of poebook's."
    if hasattr(kind, "get_response"):
        return f"{kind.__name__} is no bot yet; let it subclass fp.PoeBot: class {kind.__name__}(fp.PoeBot)."
    return None


def name_of(bot: PoeBot) -> str:
    """What the bot is called when nobody says otherwise."""
    return str(getattr(bot, "bot_name", None) or type(bot).__name__)


_ANSWERS = ("get_response", "get_response_with_context", "handle_query")  # each can be what an author writes


def _refuse_slip(kind: type[PoeBot]) -> None:
    """A class that answers as any bot does, and has a method nearly of the name that it should have."""
    from poebook.server.bot import PoeBot

    if any(getattr(kind, name) is not getattr(PoeBot, name) for name in _ANSWERS):
        return
    own = [name for name in vars(kind) if callable(vars(kind)[name]) and not hasattr(PoeBot, name)]
    for name in get_close_matches("get_response", own, n=1, cutoff=0.8):
        raise ServeError(f"{kind.__name__} has no get_response, but a {name}; rename that to have it answer.")


def _wanted(kind: type) -> list[str]:
    """The parameters without which *kind* cannot be made."""
    try:
        parameters = inspect.signature(kind).parameters.values()
    except (TypeError, ValueError):
        return []
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [one.name for one in parameters if one.default is one.empty and one.kind not in variable]


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
