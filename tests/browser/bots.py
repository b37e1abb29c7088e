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

# Says more than a transcript shows at once.
LENGTHY = """\
%%poebot lengthy
def get_response(request):
    return "\\n\\n".join(f"## Part {n}\\n\\nSomething is said here." for n in range(40))
"""

# Says "Half of it." at once, "And more." when its answer is a long one, and waits for ever.
SLOW = """\
%%poebot slow
import asyncio, os
async def get_response(request):
    yield "**Half** of it. "
    await asyncio.sleep(7)
    yield "And more."
    await asyncio.sleep(3600)
print("in process", os.getpid())
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

# Says what was set for the question.
SETTABLE = """\
%%poebot settable
import json
class Settable(fp.PoeBot):
    async def get_settings(self, setting):
        on = fp.ComparatorCondition(
            comparator="eq", left=fp.ParameterValue(parameter_name="deep"), right=fp.LiteralValue(literal=True))
        depth = fp.Slider(
            label="Depth", parameter_name="depth", default_value=2, min_value=0, max_value=9, step=1)
        units = [fp.ValueNamePair(value="c", name="Celsius"), fp.ValueNamePair(value="f", name="Fahrenheit")]
        controls = [
            fp.Slider(label="Detail", parameter_name="detail", default_value=3, min_value=0, max_value=5, step=1),
            fp.DropDown(label="Unit", parameter_name="unit", default_value="c", options=units),
            fp.ToggleSwitch(label="Deep", parameter_name="deep", default_value=False),
            fp.ConditionallyRenderControls(condition=on, controls=[depth]),
        ]
        words = [fp.TextField(label="Greeting", parameter_name="greeting")]
        tabs = [fp.Tab(name="Figures", controls=controls), fp.Tab(name="Words", controls=words)]
        panel = fp.ParameterControls(sections=[fp.Section(tabs=tabs)])
        return fp.SettingsResponse(parameter_controls=panel, allow_attachments=False)
    async def get_response(self, request):
        yield fp.PartialResponse(text="`" + json.dumps(request.query[-1].parameters, sort_keys=True) + "`")
"""

# Looks its introduction up where it is not.
FORGETFUL = """\
%%poebot forgetful
class Forgetful(fp.PoeBot):
    async def get_settings(self, setting):
        return fp.SettingsResponse(introduction_message={}["<b>introduction</b>"])
    async def get_response(self, request):
        yield "hello"
"""

# Says who spoke, and how many there are.
HOST = """\
%%poebot host
class Host(fp.PoeBot):
    async def get_settings(self, setting):
        return fp.SettingsResponse(enable_multi_entity_prompting=True)
    async def get_response(self, request):
        last = request.query[-1]
        who = last.sender.name if last.sender and last.sender.name else "somebody"
        yield fp.PartialResponse(text=f"{who} said {last.content}, of {len(request.users)}")
"""

# Says which files came, and how much of their text.
READER = """\
%%poebot reader
class Reader(fp.PoeBot):
    async def get_settings(self, setting):
        return fp.SettingsResponse(allow_attachments=True, expand_text_attachments=True)
    async def get_response(self, request):
        for one in request.query[-1].attachments:
            yield fp.PartialResponse(text=f"{one.name} {one.content_type} {len(one.parsed_content or '')}\\n\\n")
        yield fp.PartialResponse(text="That is all.")
"""

# Keeps what is said of its answers in `heard`.
LISTENING = """\
%%poebot listening
heard = []
class Listening(fp.PoeBot):
    async def get_response(self, request):
        reasons = [feedback.reason for message in request.query for feedback in message.feedback]
        yield fp.PartialResponse(text=f"I know why: {', '.join(reasons)}" if reasons else "I listen.")

    async def on_feedback(self, feedback):
        heard.append(feedback.feedback_type)

    async def on_reaction_with_context(self, reaction, context):
        heard.append(reaction.reaction)
"""

# Says what it does, then raises.
TALKATIVE = """\
%%poebot talkative
async def get_response(request):
    yield "Let me see. "
    print("about to fail")
    1 / 0
"""

# Asks another bot of the notebook, which takes a cent for it.
DEAR = """\
%%poebot dear --no-chat
class Dear(fp.PoeBot):
    async def get_response(self, request):
        await self.capture_cost(request, fp.CostItem(amount_usd_milli_cents=1000))
        yield request.query[-1].content.upper()
"""
ORRERY = """\
%%poebot orrery
class Orrery(fp.PoeBot):
    async def get_settings(self, setting):
        return fp.SettingsResponse(server_bot_dependencies={"dear": 1})

    async def get_response(self, request):
        async for part in fp.stream_request(request, "dear", request.access_key):
            yield part
        await self.post_message_attachment(message_id=request.message_id, file_data=b"a,b", filename="tides.csv")
"""

# Posts a picture of one red pixel.
PAINTER = """\
%%poebot painter
class Painter(fp.PoeBot):
    async def get_response(self, request):
        import base64
        pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
        yield "Here."
        await self.post_message_attachment(
            message_id=request.message_id, file_data=base64.b64decode(pixel), filename="red.png"
        )
        yield fp.PartialResponse(text="", attachment=fp.Attachment(
            url="http://pictures.invalid/other.png", content_type="image/png", name="other.png"))
"""
