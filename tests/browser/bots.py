"""Bots of these tests, as cells of a notebook."""

from __future__ import annotations

ECHO = """\
%%poebot echo
class Echo(fp.PoeBot):
    async def get_response(self, request):
        for word in request.query[-1].content.split():
            yield fp.PartialResponse(text=word + " ")
"""

# Says "one", then waits for ever; `left` grows when it is cancelled.
ENDLESS = """\
%%poebot endless
import asyncio
left = []
async def get_response(request):
    try:
        yield "one"
        await asyncio.sleep(3600)
    finally:
        left.append(True)
"""

# Counts how often it was asked, and how many messages it was shown.
COUNTER = """\
%%poebot counter
import itertools
numbers = itertools.count(1)
def get_response(request):
    return f"answer {next(numbers)}, message {len(request.query)}"
"""

FALLIBLE = """\
%%poebot fallible
times = {"oslo": "08:50"}
async def get_response(request):
    yield "Looking it up. "
    yield times[request.query[-1].content]
"""

# Asks for another try the first time.
BUSY = """\
%%poebot busy
tries = []
async def get_response(request):
    tries.append(1)
    if len(tries) == 1:
        yield fp.ErrorResponse(text="The tide tables are being copied.", allow_retry=True)
    else:
        yield "High water at noon."
"""

SUGGESTING = """\
%%poebot guide --introduction "I know the way."
async def get_response(request):
    yield f"You said {request.query[-1].content}."
    yield fp.PartialResponse(text="Which way is north?", is_suggested_reply=True)
    yield fp.PartialResponse(text="How far is it?", is_suggested_reply=True)
"""
