"""The whole story of a bot, in a process that cannot reach anything beyond this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

STORY = '''
import sys

def at_home(event, arguments):
    """Refuse every way off this machine."""
    if event == "socket.getaddrinfo" and arguments[0] not in (None, "127.0.0.1", "localhost", b"127.0.0.1"):
        raise OSError(f"there is no network for {arguments[0]}")
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] != "127.0.0.1":
        raise OSError(f"there is no network for {arguments[1]}")

sys.addaudithook(at_home)

import poebook as fp

heard = []


class Count(fp.PoeBot):
    async def get_response(self, request):
        yield f"{len(request.query[-1].content.split())} words"


class Loud(fp.PoeBot):
    async def get_response(self, request):
        yield request.query[-1].content.upper()


class Main(fp.PoeBot):
    async def get_settings(self, setting):
        slider = fp.Slider(label="Times", parameter_name="times", default_value=2, min_value=1, max_value=5, step=1)
        return fp.SettingsResponse(
            introduction_message="I work in aeroplanes.",
            allow_attachments=True,
            server_bot_dependencies={"Count": 1, "Loud": 1},
            parameter_controls=fp.ParameterControls(sections=[fp.Section(controls=[slider])]),
        )

    async def get_response(self, request):
        await self.authorize_cost(request, fp.CostItem(amount_usd_milli_cents=7))
        yield await fp.get_final_response(request, "Count", request.access_key)
        async for part in fp.stream_request(request, "Loud", request.access_key):
            yield fp.PartialResponse(text=f", {part.text}" * request.query[-1].parameters["times"])
        read = [file.parsed_content for file in request.query[-1].attachments]
        yield f", read: {read}"
        await self.post_message_attachment(
            message_id=request.message_id, file_data=b"\\x89PNG\\r\\n\\x1a\\n", filename="moon.png", is_inline=True
        )
        await self.capture_cost(request, fp.CostItem(amount_usd_milli_cents=7))

    async def on_feedback(self, feedback_request):
        heard.append(feedback_request.feedback_type)


for name, bot in {"Count": Count, "Loud": Loud, "Main": Main}.items():
    fp.serve(bot(), name, port=0)
conversation = fp.Conversation("Main")
answer = conversation.ask("how high are we", attachments=["table.csv"])
assert answer.error is None, answer.error
print(answer.text)
print(answer.attachments[0].name)
conversation.dislike()
print(heard)
poe = fp.local_poe()
charged = [(entry.kind, entry.amount) for entry in poe.ledger]
print(charged, [child.bot for child in poe.calls[0].children], list(poe.inbox))
answer = fp.Conversation("Main").ask("again")
assert answer.error is None, answer.error

try:
    fp.Conversation("https://api.poe.com/bot/GPT-5", key="x").ask("anybody?")
except fp.BotError as error:
    print("no network")
'''


def test_a_bot_is_built_with_no_network_no_account_and_no_key(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("port,high\n")
    (tmp_path / "story.py").write_text(STORY)
    command = [sys.executable, "story.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=dict(os.environ), timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [
        "4 words, HOW HIGH ARE WE, HOW HIGH ARE WE, read: ['port,high\\n']",
        "moon.png",
        "['dislike']",
        "[('authorize', 7), ('capture', 7)] ['Count', 'Loud'] []",
        "no network",
    ]
