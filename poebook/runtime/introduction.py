"""An introduction said from outside a bot, as ``%%poebot --introduction`` does."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poebook.server.bot import PoeBot

_METHODS = ("get_settings", "get_settings_with_context")


def introduce(bot: PoeBot, words: str | None) -> None:
    """Let *bot* give *words* as its introduction; with None, whatever its own settings say.

    >>> from poebook import PoeBot, SettingsRequest
    >>> bot = PoeBot()
    >>> introduce(bot, "I shout.")
    >>> asyncio.run(bot.get_settings(SettingsRequest(version="1.2", type="settings"))).introduction_message
    'I shout.'
    """
    own = vars(bot)
    for name in _METHODS:
        if hasattr(own.get(name), "_poebook_own"):
            del own[name]
    if words is None:
        return
    # The method with the context calls the other one, unless the author's own stands in its place.
    own["get_settings"] = _introducing(bot.get_settings, words)
    if type(bot).get_settings_with_context is not _base().get_settings_with_context:
        own["get_settings_with_context"] = _introducing(bot.get_settings_with_context, words)


def _introducing(own: Any, words: str) -> Any:  # a handler of any shape an author gives it
    async def get_settings(*arguments: object) -> Any:
        given = own(*arguments) if inspect.iscoroutinefunction(own) else await asyncio.to_thread(own, *arguments)
        settings = await given if inspect.isawaitable(given) else given
        if isinstance(settings, dict):
            return {**settings, "introduction_message": words}
        if hasattr(settings, "model_copy"):
            return settings.model_copy(update={"introduction_message": words})
        return settings  # the author's slip, told where such slips are told

    get_settings._poebook_own = own  # type: ignore[attr-defined]  # a mark, so that it can be taken away again
    return get_settings


def _base() -> type[PoeBot]:
    from poebook.server.bot import PoeBot

    return PoeBot
