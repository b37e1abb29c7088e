"""``modal_app.py``: the bot on Modal."""

from __future__ import annotations

from poebook.export.project.facts import Facts


def modal_app(facts: Facts) -> str:
    """An application of Modal's; keys come from a secret of the bot's name."""
    said = " ".join(f"{one.name}=..." for one in facts.every_variable)
    return f'''\
"""The bot {facts.name} on Modal.

    modal secret create {facts.slug} {said}
    modal deploy modal_app.py
"""

import modal

image = (
    modal.Image.debian_slim(python_version="{facts.python}")
    .pip_install_from_requirements("requirements.txt")
    .workdir("/bot")
    .env({{"PYTHONPATH": "/bot"}})
    .add_local_dir(".", "/bot", ignore=[".env", ".git", ".venv", "**/__pycache__", "tests"])
)
app = modal.App("{facts.slug}", image=image, secrets=[modal.Secret.from_name("{facts.slug}")])


@app.function(timeout=600)
@modal.concurrent(max_inputs=100)  # answers that one container gives at once
@modal.asgi_app()
def serve():
    import poebook as fp
    from bot import bot

    return fp.make_app(bot)
'''
