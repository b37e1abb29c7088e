"""What could not be carried out of a notebook, as a sentence with its cell."""

from __future__ import annotations

from dataclasses import dataclass

CHOICE = "choice"  # which bot was taken, where several could be meant


@dataclass(frozen=True)
class Problem:
    """``kind`` is a stable word, ``cell`` where it was seen (None: nowhere in particular), ``says`` a sentence.

    Kinds: ``undefined``, ``source``, ``magic``, ``star``, ``dynamic``, ``distance``, ``file``, ``await``, ``stopped``,
    ``input``, ``notebook``, ``secret``, ``name``, ``package``, ``bot``, ``choice``.

    >>> print(Problem("star", "cell [2]", "names come from `from math import *`; import what is needed by name."))
    cell [2]: names come from `from math import *`; import what is needed by name.
    """

    kind: str
    cell: str | None
    says: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.says}" if self.cell else self.says[:1].upper() + self.says[1:]
