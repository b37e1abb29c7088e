"""A day's work in a kernel: no key is in anything that comes out of it, but where it was asked for by a click."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from tests.elsewhere import Elsewhere
from tests.kernel.kernel import Kernel

OWN = "own-key-" + "q" * 24
POE = "poe-key-" + "z" * 40
_WORK = [
    f"%load_ext poebook\nimport poebook as fp\nimport os\nos.environ['POE_API_KEY'] = {POE!r}\n"
    "os.environ['POE_BASE_URL'] = 'http://127.0.0.1:9/'",
    f"%%poebot echo --key {OWN}\ndef get_response(request):\n    print(request.query[-1].content)\n    return 'hi'",
    "%%poebot made\ndef get_response(request):\n    raise KeyError('lisbon')",
    "%%poebot peek\ndef get_response(request):\n    raise ValueError(repr(request))",
    "%poebot",
    "%poebot record peek day",
    "%poebot ask echo hello",
    "%poebot ask made hello",
    "%poebot ask peek hello",
    "%poebot logs echo\n%poebot logs made\n%poebot logs peek",
    "%poebot key echo",
    "%poebot chat echo made",
    "chat = fp.Chat('echo', 'peek')\nchat.conversation.ask('hi')\nchat",
    "conversation = fp.Conversation('echo')\nconversation.ask('hi')\nconversation",
    "[fp.served(), repr(fp.served()['echo']), vars(conversation)]",
    "fp.served()['echo']",
    "fp.Conversation('Claude-Sonnet-4').ask('hi')",
    "fp.Conversation('http://127.0.0.1:9/x', key=os.environ['POE_API_KEY']).ask('hi')",
    "fp.get_bot_response_sync([fp.ProtocolMessage(role='user', content='x')], 'b', os.environ['POE_API_KEY'])",
    "fp.PoeBot(access_key=fp.served()['echo'].key)",
    "conversation.save('saved.json')",
    "[answer.events for answer in [conversation.ask('again')]]",
    "%poebot stop echo\n%poebot rollback made",
]


def test_no_key_comes_out_of_a_days_work(fresh_kernel: Kernel, parrot: Elsewhere) -> None:
    kernel = fresh_kernel
    for cell in _WORK:
        kernel.run(cell)
    kernel.run(f"far = fp.Conversation({parrot.url!r}, key={parrot.key!r})\nfar.ask('hi')\nfar")
    made = kernel.value("fp.served()['made'].key")
    keys = [OWN, POE, made, parrot.key]
    asked_for = kernel.folder.joinpath("saved.json").read_text()
    said = [json.dumps(content) for content in kernel.heard if "code" not in content]  # what was typed is no output
    tape = kernel.folder.joinpath("day.tape.jsonl").read_text()
    assert "hello" in tape
    said += [asked_for, tape]
    for process in kernel.family():
        said.append(" ".join(process.cmdline()))
    for text in said:
        for key in keys:
            assert key not in text, f"a key in: {text[:300]}"
    assert len(said) > 60


def test_kept_keys_are_their_owners_alone(fresh_kernel: Kernel) -> None:
    fresh_kernel.ok("%load_ext poebook\nimport poebook as fp\nserved = fp.serve(fp.PoeBot(), 'kept')")
    home = Path(fresh_kernel.value("__import__('os').environ['POEBOOK_HOME']"))
    files = [Path(folder) / name for folder, _, names in os.walk(home) for name in names]
    assert files
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
