"""What became of the streams, as a table for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.load.asking import Stream

_HEAD = ("worker", "streams", "whole", "events", "first p50", "first p99", "events/s")


def table(streams: Sequence[Stream], seconds: float) -> str:
    """A line for each worker and one for all, then how those ended that are not whole.

    >>> print(table([Stream("7", 0.01, 1.0, 10, "whole"), Stream("7", 0.03, 0.4, 3)], 1.0))
    worker  streams  whole  events  first p50  first p99  events/s
    7             2      1      13      20 ms      30 ms        13
    all           2      1      13      20 ms      30 ms        13
    1 of 2 streams failed: 1 cut off.
    """
    workers = sorted({one.worker for one in streams})
    rows = [_row(name, [one for one in streams if one.worker == name], seconds) for name in workers]
    rows.append(_row("all", streams, seconds))
    widths = [max(len(row[column]) for row in [_HEAD, *rows]) for column in range(len(_HEAD))]
    lines = [
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(cells))
        for cells in (list(zip(row, widths, strict=True)) for row in [_HEAD, *rows])
    ]
    failed = Counter(one.end for one in streams if one.end != "whole")
    if failed:
        ends = ", ".join(f"{number} {end}" for end, number in failed.most_common())
        lines.append(f"{failed.total()} of {len(streams)} streams failed: {ends}.")
    else:
        lines.append("No stream failed.")
    return "\n".join(lines)


def _row(name: str, streams: Sequence[Stream], seconds: float) -> tuple[str, ...]:
    first = sorted(one.first_s for one in streams if one.first_s is not None)
    events = sum(one.events for one in streams)
    whole = sum(one.end == "whole" for one in streams)
    times = (_ms(first, 0.5), _ms(first, 0.99))
    return (name, str(len(streams)), str(whole), str(events), *times, f"{events / seconds:,.0f}")


def _ms(times: Sequence[float], share: float) -> str:
    """The time below which *share* of them lie."""
    if not times:
        return "-"
    place = share * (len(times) - 1)
    low = int(place)
    high = min(low + 1, len(times) - 1)
    return f"{(times[low] + (times[high] - times[low]) * (place - low)) * 1000:,.0f} ms"
