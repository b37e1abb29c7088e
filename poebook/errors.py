"""Every error of poebook, under one parent.

::

    PoebookError
    ├── BotError                     a bot, or Poe, did not answer as it should
    │   └── BotErrorNoRetry          ... and asking again will not help
    ├── AttachmentUploadError        an upload did not succeed
    ├── InvalidBotSettings           settings that Poe would refuse
    ├── InvalidParameterError        a call lacks what it needs
    ├── CostRequestError             a cost request failed
    ├── InsufficientFundError        the user cannot pay for this
    ├── InvalidSetup (ValueError)    a bot or an application is put together wrongly
    │   └── InvalidKey               a key is missing or has the wrong length
    ├── UnknownTarget (LookupError)  nobody by that name can be asked
    ├── ServeError                   a bot cannot be served
    │   └── AuthorFault              ... since its author's own code failed; the message is the traceback
    ├── StoreError                   a Store's file or server cannot be used
    ├── TunnelError                  the world cannot reach a bot
    └── MissingExtra (ImportError)   an optional package is not installed

Messages are sentences that name the bot, the likely cause and the next step. No message ever holds a key.
"""

from __future__ import annotations

from typing import Any


class PoebookError(Exception):
    """The parent of all errors that poebook raises.

    >>> issubclass(BotError, PoebookError)
    True
    """


class BotError(PoebookError):
    """A bot, or Poe on its way to it, did not answer as it should.

    What was known when it happened is kept; each attribute is None where it was not:

    - ``bot_name``: who was asked;
    - ``status``: the HTTP status of the answer;
    - ``body``: the start of the answer's text, when it was no event stream;
    - ``event``: the parsed data of an ``error`` event;
    - ``error_type``, ``allow_retry``: what that event said;
    - ``request_id``: the answer's ``x-request-id``;
    - ``headers``: those headers that help (rate limits, ``retry-after``);
    - ``reason``: the likely cause and the next step, in a sentence or two.

    >>> BotError("no", bot_name="echo", status=429).status
    429
    """

    def __init__(
        self,
        message: str = "",
        *more: object,
        bot_name: str | None = None,
        status: int | None = None,
        body: str | None = None,
        event: dict[str, Any] | None = None,
        error_type: str | None = None,
        allow_retry: bool | None = None,
        request_id: str | None = None,
        headers: dict[str, str] | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message, *more)
        self.bot_name = bot_name
        self.status = status
        self.body = body
        self.event = event
        self.error_type = error_type
        self.allow_retry = allow_retry
        self.request_id = request_id
        self.headers = headers
        self.reason = reason


class BotErrorNoRetry(BotError):
    """Asking again will not help.

    >>> BotErrorNoRetry("no", bot_name="echo").bot_name
    'echo'
    """


class AttachmentUploadError(PoebookError):
    """A file could not be uploaded.

    >>> issubclass(AttachmentUploadError, PoebookError)
    True
    """


class InvalidBotSettings(PoebookError):
    """Settings that Poe would refuse."""


class InvalidParameterError(PoebookError):
    """A call lacks a parameter, or has one that makes no sense."""


class CostRequestError(PoebookError):
    """Poe did not carry out a cost request.

    >>> issubclass(CostRequestError, PoebookError)
    True
    """


class InsufficientFundError(PoebookError):
    """The user has not enough points for what the bot asked.

    Raise it from ``get_response`` to have Poe say so to the user.

    >>> from poebook import Conversation, PoeBot
    >>> class Dear(PoeBot):
    ...     async def get_response(self, request):
    ...         raise InsufficientFundError
    ...         yield
    >>> str(Conversation(Dear()).ask("hi").error)
    'There are not enough points for this answer.'
    """


class InvalidSetup(PoebookError, ValueError):
    """A bot or an application is put together wrongly.

    >>> from poebook import PoeBot, make_app
    >>> make_app(PoeBot)
    Traceback (most recent call last):
    poebook.errors.InvalidSetup: make_app takes a bot, not its class; write make_app(PoeBot()).
    """


class InvalidKey(InvalidSetup):
    """A key is missing, or has the wrong length.

    >>> from poebook import PoeBot, serve
    >>> serve(PoeBot(), "short", key="too short")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    poebook.errors.InvalidKey: The key has 9 characters, but a bot's key at Poe has 32; leave it out to have one made...
    """


class UnknownTarget(PoebookError, LookupError):
    """Nobody by that name can be asked.

    >>> from poebook import Conversation
    >>> Conversation("local:nobody").ask("hi")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    poebook.errors.UnknownTarget: No bot named nobody is served here...
    """


class ServeError(PoebookError):
    """A bot cannot be served from here.

    >>> from poebook import PoeBot, serve
    >>> serve(PoeBot(), "a name with spaces")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    poebook.errors.ServeError: 'a name with spaces' cannot be a bot's name: a name is a part of the bot's URL...
    """


class AuthorFault(ServeError):
    """The author's own code failed where a bot was to be had; the message is its traceback, from their own line on."""


class StoreError(PoebookError):
    """A Store's file or server cannot be used.

    >>> issubclass(StoreError, PoebookError)
    True
    """


class TunnelError(PoebookError):
    """The world cannot reach a bot; ``final`` says that trying again will not help.

    >>> TunnelError("No way in.").final
    False
    """

    def __init__(self, message: str = "", *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class MissingExtra(PoebookError, ImportError):
    """An optional package is not installed; the message holds the one command that installs it.

    >>> str(MissingExtra("anywidget", extra="notebook"))
    "This needs the package anywidget: pip install 'poebook[notebook]'."
    """

    def __init__(self, package: str, *, extra: str) -> None:
        super().__init__(f"This needs the package {package}: pip install 'poebook[{extra}]'.")
        self.package = package
        self.extra = extra
