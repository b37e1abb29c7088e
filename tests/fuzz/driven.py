"""One target under atheris, in its environment: ``python -m tests.fuzz.driven TARGET FOLDER SECONDS``."""

from __future__ import annotations

import importlib
import logging
import sys
from pathlib import Path


def _main(name: str, folder: str, seconds: str) -> None:
    atheris = importlib.import_module("atheris")  # it is in no other environment
    with atheris.instrument_imports(include=["poebook"]):
        from tests.fuzz.targets import TARGETS
    logging.disable()
    target = next(one for one in TARGETS if one.name == name)
    corpus = Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    limits = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=2048", "-max_len=20000", "-verbosity=0"]
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-artifact_prefix={folder}-", "-print_final_stats=1", *limits], target.feed
    )
    atheris.Fuzz()


if __name__ == "__main__":
    _main(*sys.argv[1:])
