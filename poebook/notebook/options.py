"""What can stand on the line of ``%%poebot``: one table for parsing, help and completion."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from IPython.core.error import UsageError

from poebook.runtime.tunnel.providers import PROVIDERS


@dataclass(frozen=True)
class Option:
    """``value`` names what follows the option (empty: nothing does), ``targets`` says that it is a target."""

    name: str
    help: str
    value: str = ""
    repeated: bool = False
    targets: bool = False

    @property
    def usage(self) -> str:
        return f"{self.name} {self.value}" if self.value else self.name


OPTIONS = (
    Option("--key", "the bot's access key, of 32 characters; $NAME reads an environment variable", "KEY"),
    Option("--no-key", "serve without a key: whoever can reach the address may ask"),
    Option("--path", "where the bot stands on its server, instead of /NAME", "/PATH"),
    Option("--no-chat", "show the card alone"),
    Option(
        "--publish",
        "give the bot a public address; takes the options of %poebot publish too, such as --url or --for",
        "[PROVIDER]",
    ),
    Option("--introduction", "what the bot says before anybody has asked; quote it", "TEXT"),
    Option(
        "--with",
        "chat beside another bot, which any target may name; may be repeated",
        "TARGET",
        True,
        True,
    ),
)
# The options of `%poebot publish`, by their names in Python.
PUBLISHING = {
    "--via": "provider",
    "--for": "during",
    **{f"--{name.replace('_', '-')}": name for one in PROVIDERS.values() for name in one.options},
}
_BY_NAME = {option.name: option for option in OPTIONS}


@dataclass
class Line:
    """The line of ``%%poebot`` as it was meant."""

    name: str | None = None
    key: str | None = None
    no_key: bool = False
    path: str | None = None
    no_chat: bool = False
    publish: bool = False
    public: dict[str, str] = field(default_factory=dict)  # how, as `Served.publish` takes it
    introduction: str | None = None
    beside: list[str] = field(default_factory=list)


def words_of(line: str) -> list[str]:
    """*line* cut into words as a shell would. Raises UsageError."""
    try:
        return shlex.split(line)
    except ValueError:
        raise UsageError("A quotation mark is not closed; text with an apostrophe goes in quotation marks.") from None


def parse(line: str) -> Line:
    """The name and the options on *line*. Raises UsageError.

    >>> parse('shout --introduction "I shout."').introduction
    'I shout.'
    """
    said = Line()
    words = iter(words_of(line))
    if {"-h", "--help"} & set(words_of(line)):
        raise UsageError("%%poebot? tells all options; %poebot? tells what else can be done with bots.")
    published = False  # whether the word may be a provider's name
    for word in words:
        if word.startswith("-") and word != "-":
            _take(said, word, words)
            published = word == "--publish" or (published and word.startswith("--"))
        elif published and word in PROVIDERS and "provider" not in said.public:
            said.public["provider"] = word
        elif said.name is None:
            said.name = word
        elif published and (meant := did_you_mean(word, list(PROVIDERS))):
            raise UsageError(f"There is no provider {word}.{meant}")
        else:
            raise UsageError(
                f"{word!r} is one word too many after the name {said.name}; a text with spaces goes in quotation marks."
            )
    return said


def _take(said: Line, word: str, words: Iterator[str]) -> None:
    name, equals, value = word.partition("=")
    option = _BY_NAME.get(name)
    if option is None and name in PUBLISHING:
        value = value if equals else next(words, "")
        if not value or value.startswith("--"):
            raise UsageError(f"{name} needs a value.")
        said.public[PUBLISHING[name]] = value
        return
    if option is None:
        raise UsageError(f"There is no option {name}.{did_you_mean(name, list(_BY_NAME))} %%poebot? tells them all.")
    if equals and not option.value:
        raise UsageError(f"{name} takes no value.")
    if option.value and not option.value.startswith("[") and not equals:
        value = next(words, "")
        if not value or value.startswith("--"):
            raise UsageError(f"{name} needs a value: {option.usage}.")
    match name:
        case "--with":
            said.beside.append(value)
        case "--publish":
            said.publish = True
            if equals:
                said.public["provider"] = value
        case "--key" | "--path" | "--introduction":
            setattr(said, name[2:], value)
        case _:
            setattr(said, name[2:].replace("-", "_"), True)


def did_you_mean(word: str, known: list[str]) -> str:
    """`` Did you mean X?`` where something known is near, else nothing.

    >>> did_you_mean("statsu", ["status", "stop"])
    ' Did you mean status?'
    """
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""
