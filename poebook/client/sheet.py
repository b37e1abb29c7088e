"""A conversation as HTML that needs no style: what a notebook keeps, and what fills a page of its own."""

from __future__ import annotations

import json
from html import escape

from poebook.client.prose import Prose, link, picture, plain, prose
from poebook.client.turns import (
    AnswerState,
    ConversationState,
    ErrorState,
    FileState,
    TargetState,
    TurnState,
    UploadState,
)

_ENDS = {"stopped": "stopped", "streaming": "unfinished"}  # as all others came to theirs


def sheet(state: ConversationState, write: Prose = prose) -> str:
    """The turns that are shown, oldest first; *write* makes an answer's Markdown HTML.

    >>> sheet({"id": "c-1", "targets": [], "turns": [], "parameters": {}, "users": []})
    ''
    """
    return "<hr>\n".join(_turn(turn, state["targets"], write) for turn in state["turns"])


def title(state: ConversationState) -> str:
    """With whom this is.

    >>> from poebook.client.turns import fresh_target
    >>> title({"id": "c-1", "targets": [fresh_target("echo", "here")], "turns": [], "parameters": {}, "users": []})
    'Conversation with echo'
    """
    names = [target["name"] for target in state["targets"]]
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"Conversation with {listed}"


def _turn(turn: TurnState, targets: list[TargetState], write: Prose) -> str:
    answers = "".join(_answer(answer, targets, write) for answer in turn["answers"])
    columns = f' class="pb-columns" data-columns="{len(turn["answers"])}"' if len(turn["answers"]) > 1 else ""
    return f"<section>{_question(turn)}<div{columns}>{answers}</div></section>\n"


def _question(turn: TurnState) -> str:
    who = turn["user"] or "You"
    text = escape(turn["text"], quote=False).replace("\n", "<br>\n")
    beside = [_attached(upload) for upload in turn["attachments"]]
    beside += [
        f"{escape(str(name), quote=False)}: <code>{escape(_value(value), quote=False)}</code>"
        for name, value in turn["parameters"].items()
    ]
    if turn["branches"] > 1:
        beside.append(f"{turn['branch'] + 1} of {turn['branches']}")
    under = f"<p><small>{' · '.join(beside)}</small></p>" if beside else ""
    return (
        f'<article class="pb-you" aria-label="{escape(who)}">'
        f"<header><strong>{escape(who, quote=False)}</strong></header>"
        f"<blockquote><p>{text}</p></blockquote>{under}</article>\n"
    )


def _attached(upload: UploadState) -> str:
    name = f"<b>{escape(upload['name'], quote=False)}</b>"
    return f"{name} {_size(upload['size'])}" if upload["size"] else name


def _answer(answer: AnswerState, targets: list[TargetState], write: Prose) -> str:
    name = targets[answer["target"]]["name"] if answer["target"] < len(targets) else "?"
    parts = [_head(answer, name)]
    if answer["text"]:
        as_it_is = answer["content_type"] == "text/plain"
        text = plain(answer["text"]) if as_it_is else write(answer["text"], _references(answer))
        parts.append(f'<div class="pb-text">{text}</div>')
    apart = [file for file in answer["files"] if not _inline(file, answer["text"])]
    if apart:
        parts.append("<ul>" + "".join(f"<li>{_file(file)}</li>" for file in apart) + "</ul>")
    if answer["note"]:
        parts.append(f"<p><em>{escape(answer['note'], quote=False)}</em></p>")
    if answer["error"] is not None:
        parts.append(_error(answer["error"]))
    return f'<article aria-label="{escape(name)}" data-state="{answer["state"]}">{"".join(parts)}</article>\n'


def _head(answer: AnswerState, name: str) -> str:
    figures = []
    if answer["state"] in _ENDS:
        figures.append(_ENDS[answer["state"]])
    if answer["first_event_s"] is not None:
        figures.append(f"first event {_seconds(answer['first_event_s'])}")
    if answer["total_s"] is not None:
        figures.append(_seconds(answer["total_s"]))
    liked = {"like": "liked", "dislike": "disliked"}.get(answer["feedback"] or "")
    figures += [said for said in (answer["cost"], liked, *answer["reactions"]) if said]
    if answer["picked"]:
        figures.append("picked as the best")
    said = f" <small>{escape(' · '.join(figures), quote=False)}</small>" if figures else ""
    return f"<header><strong>{escape(name, quote=False)}</strong>{said}</header>"


def _error(error: ErrorState) -> str:
    said = f"<p><strong>{escape(error['title'], quote=False)}</strong></p>"
    fault = error["fault"]
    if fault is None:
        return (
            f'<div class="pb-error">{said}'
            + (f"<p>{escape(error['text'], quote=False)}</p>" if error["text"] else "")
            + "</div>"
        )
    places = [
        f"{word} {number}" for word, number in (("cell", fault["cell"]), ("line", fault["line"])) if number is not None
    ]
    where = f"<p>Raised in {', '.join(places)}.</p>" if places else ""
    return f'<div class="pb-error">{said}{where}</div>'


def _references(answer: AnswerState) -> dict[str, str]:
    return {file["inline_ref"]: file["url"] for file in answer["files"] if file["inline_ref"]}


def _inline(file: FileState, text: str) -> bool:
    return bool(file["inline_ref"]) and f"[{file['inline_ref']}]" in text


def _file(file: FileState) -> str:
    if file["content_type"].startswith("image/"):
        return picture(file["url"], file["name"])
    return link(escape(file["name"], quote=False), file["url"])


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _size(size: int) -> str:
    """Bytes as people say them.

    >>> _size(61_200_000)
    '61 MB'
    """
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            few = size < 10 * factor
            return f"{size / factor:.{1 if few else 0}f} {unit}"
    return f"{size} B"


def _seconds(s: float) -> str:
    """A duration as the chat shows it.

    >>> _seconds(0.0042), _seconds(3.44), _seconds(125.2)
    ('4 ms', '3.4 s', '2 min 05 s')
    """
    if s < 0.1:
        return f"{max(1, round(s * 1000))} ms"
    if s < 59.95:
        return f"{s:.1f} s"
    return f"{round(s) // 60} min {round(s) % 60:02} s"
