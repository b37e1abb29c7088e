"""``.env.example``: the variables that the bot wants, without a value."""

from __future__ import annotations

from poebook.export.project.facts import Facts


def env_example(facts: Facts) -> str:
    """To be copied to ``.env`` and filled in."""
    lines = ["# Copy this to .env and fill it in; .env stays out of the image and out of git."]
    lines += [f"# {one.what}\n{one.name}=" for one in facts.every_variable]
    return "\n".join(lines) + "\n"
