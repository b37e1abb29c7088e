"""Where the kernel keeps files of its own, which a page may fetch without telling any other host."""

from __future__ import annotations


def own_files() -> dict[str, list[str]]:
    """What an option of the page says of them; nothing while no server runs.

    >>> from poebook import PoeBot, serve
    >>> with serve(PoeBot(), "greeter"):
    ...     [place.rpartition(":")[2].partition("/")[2] for place in own_files()["own_files"]]
    ['_poe/files/', '_files/']
    """
    from poebook.runtime import filedoor
    from poebook.runtime.registry import local_poe

    poe = local_poe()
    if not poe.runs:
        return {}
    here = poe.base_url.removesuffix("_poe/")
    return {"own_files": [f"{poe.base_url}files/", f"{here}{filedoor.PREFIX[1:]}/"]}
