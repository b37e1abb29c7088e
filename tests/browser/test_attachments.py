"""Files that somebody gives a bot in the chat: by picker, by drop, by paste; large, too large, none at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import bots
from tests.browser.conftest import OpenNotebook
from tests.browser.desk import PATIENCE
from tests.browser.notebook import Chat

TIDES = "station,high\nPorto,3:14\nOslo,9:26\n"


@pytest.fixture
def tides(tmp_path: Path) -> Path:
    path = tmp_path / "tides.csv"
    path.write_text(TIDES)
    return path


def test_chosen_files_go_with_the_question_and_stay_with_it(open_notebook: OpenNotebook, tides: Path) -> None:
    notebook = open_notebook(bots.READER)
    notebook.run(1)
    chat = notebook.chat(1)
    with chat.page.expect_file_chooser() as chosen:
        chat.button("Attach files").click()
    chosen.value.set_files([tides, _sized(tides.parent / "roof.jpg", 5000)])
    chips = _to_send(chat)
    expect(chips).to_have_count(2)
    expect(chips.first).to_contain_text("tides.csv")
    expect(chips.first.get_by_role("progressbar")).to_have_count(0)
    chat.button("Show the parsed text of tides.csv").click()
    expect(chat.root.get_by_role("region", name="Parsed text of tides.csv")).to_have_text(TIDES)
    answer = chat.ask("What do they hold?", "reader")
    expect(answer).to_contain_text(f"tides.csv text/csv {len(TIDES)}")
    expect(answer).to_contain_text("roof.jpg image/jpeg 0")
    expect(chips).to_have_count(0)
    said = chat.messages("You").get_by_role("list", name="Attachments").get_by_role("listitem")
    expect(said).to_have_count(2)
    expect(said.nth(1)).to_contain_text("5 kB")


def test_a_question_waits_for_its_files(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    notebook = open_notebook(bots.READER)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.box.fill("How large?")
    _choose(chat, _sized(tmp_path / "observations.bin", 20_000_000))
    expect(chat.root.get_by_role("progressbar", name="Uploading observations.bin")).to_be_visible()
    chat.box.press("Enter")
    expect(chat.root.get_by_role("status")).to_contain_text("Goes when the files are up")
    expect(chat.messages("You")).to_contain_text("How large?", timeout=PATIENCE)
    expect(chat.messages("You")).to_contain_text("20 MB")
    expect(chat.messages("reader")).to_contain_text("observations.bin application/octet-stream 0")
    chat.ask("And again?", "reader")  # the connection is still there


def test_a_hundred_megabytes_disturb_nobody(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    notebook = open_notebook(
        bots.READER,
        "conversation = fp.Conversation('reader')\nconversation.max_upload = 100_000_000\nfp.Chat(conversation)",
    )
    notebook.run(1)
    notebook.run(2)
    beside, chat = notebook.chat(1), notebook.chat(2)
    _choose(chat, _sized(tmp_path / "observations.bin", 100_000_000))
    progress = chat.root.get_by_role("progressbar", name="Uploading observations.bin")
    expect(progress).to_be_visible()
    beside.ask("Who else is here?", "reader")
    expect(progress).to_be_visible()  # it was answered meanwhile
    expect(progress).to_have_count(0, timeout=4 * PATIENCE)
    expect(chat.ask("How large?", "reader")).to_contain_text("observations.bin application/octet-stream 0")
    expect(chat.messages("You")).to_contain_text("100 MB")


def test_files_come_by_drop_and_by_paste_and_go_by_their_cross(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.READER)
    notebook.run(1)
    chat = notebook.chat(1)
    chat.log.evaluate(_DROP, ["a.txt", "b.txt"])
    chips = _to_send(chat)
    expect(chips).to_have_count(2)
    chat.box.evaluate(_PASTE)
    expect(chips).to_have_count(3)
    chat.button("Remove a.txt").click()
    expect(chips).to_have_count(2)
    answer = chat.ask("Which are left?", "reader")
    expect(answer).to_contain_text("b.txt text/plain 5")
    expect(answer).to_contain_text("image.png image/png 0")
    expect(answer).not_to_contain_text("a.txt")


def test_a_question_that_is_taken_back_comes_with_its_files(open_notebook: OpenNotebook, tides: Path) -> None:
    notebook = open_notebook(bots.READER)
    notebook.run(1)
    chat = notebook.chat(1)
    _choose(chat, tides)
    chat.button("Show the parsed text of tides.csv").wait_for()
    chat.box.press("Enter")  # files alone are a question
    expect(chat.messages("reader")).to_contain_text(f"tides.csv text/csv {len(TIDES)}")
    expect(chat.messages("You").get_by_role("button", name="Copy", exact=True)).to_have_count(0)
    chat.button("Undo").click()
    expect(chat.messages("You")).to_have_count(0)
    expect(_to_send(chat)).to_contain_text("tides.csv")
    expect(chat.ask("And now?", "reader")).to_contain_text(f"tides.csv text/csv {len(TIDES)}")
    expect(_to_send(chat)).to_have_count(0)


def test_files_that_are_taken_away_again_leave_no_invitation(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.READER)
    notebook.run(1)
    chat = notebook.chat(1)
    inviting = chat.root.get_by_text("Drop the files to attach them")
    chat.log.evaluate(_HANG)
    expect(inviting).to_be_visible()
    chat.log.evaluate(_DRAWN_ANEW_AND_LEFT)
    expect(inviting).to_have_count(0)


def test_a_folder_is_refused_and_the_files_beside_it_are_taken(open_notebook: OpenNotebook, tides: Path) -> None:
    notebook = open_notebook(bots.READER)
    notebook.run(1)
    chat = notebook.chat(1)
    told = chat.root.get_by_role("alert")
    (tides.parent / "folder").mkdir()
    _drop(chat, tides.parent / "folder")
    expect(told).to_have_text("A folder cannot be attached. Choose the files in it.")
    _drop(chat, tides)
    expect(_to_send(chat)).to_have_count(1)
    expect(told).to_have_count(0)
    _drop(chat, tides.parent / "folder", tides)
    expect(_to_send(chat)).to_have_count(2)
    expect(told).to_have_text("A folder cannot be attached. Choose the files in it.")


def test_a_file_above_the_limit_is_refused_before_it_travels(open_notebook: OpenNotebook, tides: Path) -> None:
    notebook = open_notebook(
        bots.READER,
        "conversation = fp.Conversation('reader')\nconversation.max_upload = 20_000\nfp.Chat(conversation)",
    )
    notebook.run(1)
    notebook.run(2)
    chat = notebook.chat(2)
    _choose(chat, _sized(tides.parent / "night.mov", 61_000), tides)
    chips = _to_send(chat)
    expect(chips.first).to_contain_text("is 61 kB; the limit is 20 kB.")
    expect(chat.button("Retry upload of night.mov")).to_have_count(0)
    expect(chat.ask("And now?", "reader")).to_contain_text("tides.csv")
    expect(chips).to_have_count(1)
    chat.button("Remove night.mov").click()
    expect(chips).to_have_count(0)


def test_a_bot_that_takes_no_files_says_so(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(bots.SETTABLE)
    notebook.run(1)
    chat = notebook.chat(1)
    expect(chat.button("Parameters")).to_be_visible()
    expect(chat.button("Attach files")).to_have_count(0)
    chat.log.evaluate(_DROP, ["a.txt"])
    expect(chat.root.get_by_role("alert")).to_contain_text("settable takes no files.")
    expect(_to_send(chat)).to_have_count(0)


def test_files_beside_a_draft_outlive_the_cells_next_run(open_notebook: OpenNotebook, tides: Path) -> None:
    notebook = open_notebook(bots.READER)
    notebook.run(1)
    chat = notebook.chat(1)
    _choose(chat, tides)
    expect(chat.button("Show the parsed text of tides.csv")).to_be_visible()
    notebook.run(1)
    expect(_to_send(chat)).to_contain_text("tides.csv")
    expect(chat.ask("Still there?", "reader")).to_contain_text(f"tides.csv text/csv {len(TIDES)}")


def _choose(chat: Chat, *paths: Path) -> None:
    chat.button("Attach files").wait_for()
    chat.root.locator("input[type=file]").set_input_files(paths)


def _drop(chat: Chat, *paths: Path) -> None:
    """Drop files as a person does, so that the browser knows which of them are folders."""
    chat.box.scroll_into_view_if_needed()
    box = chat.box.bounding_box()
    assert box is not None
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    devtools = chat.page.context.new_cdp_session(chat.page)
    for kind in ("dragEnter", "dragOver", "drop"):
        event = {"type": kind, "x": box["x"] + 40, "y": box["y"] + 5, "data": data}
        devtools.send("Input.dispatchDragEvent", event)
    devtools.detach()


def _to_send(chat: Chat) -> Locator:
    return chat.root.get_by_role("list", name="Files to send").get_by_role("listitem")


def _sized(path: Path, size: int) -> Path:
    path.write_bytes(bytes(size))
    return path


_DROP = """
(place, names) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File(["hello"], name, { type: "text/plain" }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    place.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}
"""
# Files hang over something in the transcript; it is drawn anew, as in an answer that comes, and they go elsewhere.
_HANG = """
(log) => {
  const data = new DataTransfer();
  data.items.add(new File(["hello"], "a.txt", { type: "text/plain" }));
  window.hang = (place, kind) =>
    place.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, composed: true, cancelable: true }));
  window.below = log.appendChild(document.createElement("span"));
  window.hang(window.below, "dragenter");
}
"""
_DRAWN_ANEW_AND_LEFT = """
() => {
  window.below.remove();
  window.hang(document.body, "dragenter");
  window.hang(window.below, "dragleave");
}
"""
_PASTE = """
(box) => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "image.png", { type: "image/png" }));
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}
"""
