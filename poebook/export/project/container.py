"""``Dockerfile`` and ``.dockerignore``."""

from __future__ import annotations

from poebook.export.project.facts import Facts

IGNORED = """\
.env
.git
.venv
**/__pycache__
**/*.ipynb
tests
"""


def dockerfile(facts: Facts) -> str:
    """An image that runs the bot as nobody in particular, and says whether it takes questions."""
    return f"""\
# docker build -t {facts.slug} .
# docker run --rm -p 8080:8080 --env-file .env {facts.slug}
FROM python:{facts.python}-slim

ENV PYTHONUNBUFFERED=1
WORKDIR /bot

COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY . .
RUN useradd --create-home --uid 1000 bot
USER 1000

EXPOSE 8080
HEALTHCHECK --start-period=20s --interval=15s --timeout=3s \\
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/readyz', timeout=2)"]
CMD ["poebook", "serve", "bot.py", "--host", "0.0.0.0", "--port", "8080"]
"""
