"""A cell's source as plain Python, line by line: what only IPython understands is taken out, and told."""

from __future__ import annotations

import ast
import re
import shlex
from dataclasses import dataclass

UNWRAPPED = frozenset({"time", "capture", "prun"})  # cell magics that run their cell in the notebook's own namespace
_VALUED = frozenset({"--key", "--path", "--introduction", "--with"})
_FLAGS = frozenset({"--no-key", "--no-chat"})
_PROVIDERS = frozenset({"ngrok", "ssh", "jupyter", "url"})

_ASSIGNED = re.compile(r"^\s*([\w.,\s]+?)\s*=\s*[%!]")
_LINE = re.compile(r"^\s*(%{1,2}|!{1,2}|\?{1,2}|,|;|/)")
_HELP = re.compile(r"^\s*%?[\w.*]+\?{1,2}\s*$")
_TIMED = re.compile(r"^(\s*)%(?:time|prun)\s+(?!-)(\S.*)$")
_SET = re.compile(r"^\s*%(?:set_)?env\s+(\w+)[\s=]")


@dataclass(frozen=True)
class LeftOut:
    """A line that is no Python: its number in the cell, the magic (``%matplotlib``, ``!``), the names it would bind.

    ``variable`` is the environment variable that it sets.
    """

    line: int
    magic: str
    binds: frozenset[str] = frozenset()
    variable: str | None = None


@dataclass(frozen=True)
class BotLine:
    """What stands on the line of ``%%poebot`` and matters outside a notebook; a key never does."""

    name: str | None = None
    introduction: str | None = None
    path: str | None = None


@dataclass(frozen=True)
class Plain:
    """A cell as Python, with as many lines as the cell has.

    ``bot`` is the line of ``%%poebot``, if there is one; ``skipped`` the cell magic that made something else of the
    cell, such as ``%%bash``; ``broken`` says that even so it is no Python.
    """

    text: str
    bot: BotLine | None = None
    left_out: tuple[LeftOut, ...] = ()
    skipped: str | None = None
    broken: bool = False


def plain(source: str) -> Plain:
    """*source* as Python.

    >>> plain("%%poebot echo\\n%matplotlib inline\\nx = 1")
    Plain(text='\\n\\nx = 1', bot=BotLine(name='echo', introduction=None, path=None), \
left_out=(LeftOut(line=2, magic='%matplotlib', binds=frozenset(), variable=None),), skipped=None, broken=False)
    """
    lines, left_out, bot = source.split("\n"), list[LeftOut](), None
    number = 0
    while (number := _first(lines, number)) < len(lines) and lines[number].startswith("%%"):
        magic, _, rest = lines[number][2:].partition(" ")
        if magic == "poebot":
            bot = bot_line(rest)
        elif magic in UNWRAPPED:
            names = [word for word in rest.split() if word.isidentifier()] if magic == "capture" else []
            left_out.append(LeftOut(number + 1, f"%%{magic}", frozenset(names[:1])))
        else:
            return Plain("\n" * (len(lines) - 1), None, tuple(left_out), skipped=f"%%{magic.strip()}")
        lines[number] = ""
        number += 1
    is_broken = not _mend(lines, left_out)
    text = "\n" * (len(lines) - 1) if is_broken else "\n".join(lines)
    return Plain(text, bot, tuple(sorted(left_out, key=lambda one: one.line)), broken=is_broken)


def bot_line(line: str) -> BotLine:
    """The name and the options that matter.

    >>> bot_line('shout --introduction "I shout." --key $KEY')
    BotLine(name='shout', introduction='I shout.', path=None)
    """
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    name, values, place = None, dict[str, str](), 0
    while place < len(words):
        word, equals, value = words[place].partition("=")
        place += 1
        following = words[place] if place < len(words) else ""
        if not word.startswith("-"):
            name = name or words[place - 1]
        elif word == "--publish":
            place += not equals and following in _PROVIDERS
        elif word not in _FLAGS:
            takes = not equals and (word in _VALUED or (bool(following) and not following.startswith("-")))
            values[word] = value if equals else following
            place += takes
    return BotLine(name, values.get("--introduction"), values.get("--path"))


def _first(lines: list[str], number: int) -> int:
    """The next line with something on it."""
    while number < len(lines) and not lines[number].strip():
        number += 1
    return number


def _mend(lines: list[str], left_out: list[LeftOut]) -> bool:
    """Take out of *lines* what is no Python; whether Python remains.

    The parser says where Python ends, so that a ``%`` in a string or a formula is no magic.
    """
    for _ in range(len(lines) + 1):
        try:
            compile("\n".join(lines), "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError as error:
            number = _magic_at(lines, min(error.lineno or 1, len(lines)) - 1)
        except ValueError:  # a null byte
            return False
        else:
            return True
        if number is None:
            return False
        _take_out(lines, number, left_out)
    return False


def _magic_at(lines: list[str], number: int) -> int | None:
    """The line of a magic that the parser stumbled over: *number*, or the nearest before it."""
    for place in range(number, -1, -1):
        line = lines[place]
        if _LINE.match(line) or _ASSIGNED.match(line) or _HELP.match(line):
            return place
    return None


def _take_out(lines: list[str], number: int, left_out: list[LeftOut]) -> None:
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip())]
    timed = _TIMED.match(line)
    if timed is not None:
        lines[number] = timed[1] + timed[2]
        return
    assigned, set_to = _ASSIGNED.match(line), _SET.match(line)
    binds = frozenset(re.findall(r"[A-Za-z_]\w*", assigned[1])) if assigned is not None else frozenset[str]()
    command = line.split("=", 1)[1] if assigned is not None else line
    left_out.append(LeftOut(number + 1, _named(command.strip()), binds, set_to[1] if set_to else None))
    while line.endswith("\\") and number + 1 < len(lines):
        lines[number] = ""
        number += 1
        line = lines[number]
    lines[number] = f"{indent}pass" if indent else ""


def _named(command: str) -> str:
    """A magic by its name, without what follows it.

    >>> _named("%env KEY=x"), _named("!ls -l"), _named("thing?")
    ('%env', '!', '?')
    """
    if command.startswith("!"):
        return "!"
    if command.startswith("%"):
        return command.split()[0]
    return "?" if "?" in command else command[:1]
