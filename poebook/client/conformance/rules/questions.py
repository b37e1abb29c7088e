"""Whether questions of all kinds are answered by a bot that answers a plain one."""

from __future__ import annotations

from poebook.client.conformance.bodies import TELLTALES
from poebook.client.conformance.evidence import Evidence, Rule, cut, question


def _spoiled(evidence: Evidence) -> str | None:
    said = evidence.of("odd text").text
    for word in TELLTALES:
        for wrong in (word.encode().decode("latin-1"), word.encode().decode("cp1252", "ignore")):
            if wrong in said:
                return f'What was asked as "{word}" came back as "{cut(wrong)}".'
    return None


def _after(evidence: Evidence) -> str | None:
    return question("after")(evidence) if evidence.of("leaving").ok else None


def _leaving(evidence: Evidence) -> str | None:
    after = evidence.of("after")
    if not evidence.well or after.status is not None or after.fate not in ("unreachable", "late"):
        return None
    return "After an asker had left in the middle, nobody answered any more."


RULES = (
    Rule("questions.history", "error", question("history"), "Take bodies of some megabytes, and cut the history."),
    Rule("questions.unicode", "error", question("odd text"), "Treat text as Unicode throughout."),
    Rule("questions.spoiled-text", "warning", _spoiled, "Decode and encode as UTF-8 everywhere."),
    Rule("questions.empty", "warning", question("empty text"), "Expect empty messages: a file may come without words."),
    Rule("questions.text-file", "error", question("text file"), "Use parsed_content, which holds the file's text."),
    Rule(
        "questions.unparsed-file",
        "error",
        question("unparsed file"),
        "Expect attachments whose parsed_content is null.",
    ),
    Rule("questions.odd-file", "warning", question("odd file"), "Expect attachments of types that you do not know."),
    Rule("questions.roles", "error", question("roles"), "Expect the roles system and tool in a history."),
    Rule("questions.everything", "error", question("everything"), "Expect every field of the protocol to be set."),
    Rule(
        "questions.parameters", "warning", question("parameters"), "Check parameters before use; others may send any."
    ),
    Rule("questions.tools", "error", question("tools"), "Expect tools in a question, though you have no use."),
    Rule("questions.later", "error", _after, "Look for what a question leaves behind that hinders the next one."),
    Rule("questions.after-leaving", "error", _leaving, "Let a handler be cancelled without taking the server along."),
)
