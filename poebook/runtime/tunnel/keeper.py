"""A program that must not outlive this process, however that ends.

Only POSIX has it. The program runs in a session of its own, so that an interrupt of a cell, which goes to the whole
process group, does not end it; therefore somebody must look whether its parent is still there.
"""

from __future__ import annotations

import os
import shlex

# The shell becomes the program. What it leaves running looks each second who the program's parent is.
_WATCH = """\
P=$$; K=$PPID
parent() {
  if [ -r /proc/$P/stat ]; then read -r _ _ _ p _ < /proc/$P/stat && echo "$p"
  else ps -o ppid= -p $P | tr -d ' '; fi
}
( while sleep 1; do
    p=$(parent 2>/dev/null)
    [ -z "$p" ] && exit
    [ "$p" = "$K" ] || { kill $P; sleep 2; kill -9 $P; exit; }
  done ) </dev/null >/dev/null 2>&1 &
exec "$@"
"""


def kept(*command: str) -> list[str]:
    """*command*, so that it ends with the process that starts it."""
    return ["/bin/sh", "-c", _WATCH, "sh", *command] if os.name == "posix" else list(command)


def script(program: str) -> str:
    """A shell script that is *program*, and ends with the process that starts it."""
    return f'#!/bin/sh\nset -- {shlex.quote(program)} "$@"\n{_WATCH}'
