"""``README.md`` of a project: half a page."""

from __future__ import annotations

from poebook.export.project.facts import Facts
from poebook.version import __version__


def readme(facts: Facts) -> str:
    """What it is, how it is run, asked, tested and taken further, and what to mind."""
    sections = [_head(facts), _run(facts), _further(facts), _mind(facts)]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(facts: Facts) -> str:
    lines = [f"# {facts.name}", f"A bot for Poe, taken out of {_label(facts)} by poebook {__version__}."]
    if facts.introduction:
        lines.append(f"> {facts.introduction}")
    return "\n\n".join(lines)


def _label(facts: Facts) -> str:
    return f"`{facts.label}`" if "." in facts.label else "its notebook"


def _run(facts: Facts) -> str:
    asks = "asks it what the notebook asked" if facts.tests else "asks whether it answers"
    files = f"`bot.py` is the bot; `pytest` {asks}, with no key and no network."
    if facts.copied:
        came = ", ".join(f"`{name}`" for name in facts.copied)
        files += f" It opens or imports {came}, so start it from this folder."
    variables = facts.every_variable
    others = ", ".join(f"`{one.name}`" for one in variables[1:])
    needs = f" It also wants {others}; see `.env.example`." if others else ""
    where = f"http://127.0.0.1:8080{facts.path}".rstrip("/")
    return f"""\
{files}

```sh
pip install -r requirements.txt
export POE_ACCESS_KEY=...  # 32 characters, as at poe.com
poebook serve .
```

Then, in another shell with the same key, `poebook ask {where} "Hello"`.{needs}"""


def _further(facts: Facts) -> str:
    return f"""\
| to run it | |
|---|---|
| in a container | `docker build -t {facts.slug} . && docker run -p 8080:8080 --env-file .env {facts.slug}` |
| on Kubernetes | `kubectl apply -f kubernetes.yaml` |
| on Modal | `modal deploy modal_app.py` |
| on a cluster of Ray | `poebook serve . --engine ray --replicas 2`, or `serve run ray_app:app` |"""


def _mind(facts: Facts) -> str:
    lines = [f"- {problem}" for problem in facts.problems]
    if facts.verdict is not None and facts.verdict.outcome in ("differs", "failed"):
        lines.insert(0, f"- {facts.verdict.says}")
    if not lines:
        return ""
    return "\n".join(["## Mind", "", *lines])
