"""The chat with kernels of several versions, each in an environment of its own, while a cell runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import bots
from tests.browser.desk import PATIENCE, Desk
from tests.browser.notebook import Notebook
from tests.runner import kernels

BUSY = "The kernel is busy; your message goes when the cell ends."

# Whether the kernel reads what the chat says while a cell runs; where it does not, the chat must say so.
READS_MEANWHILE = {"6": False, "7.0": True, "7.4": True}

WORK = """\
import ipykernel, os, time
print(f"ipykernel {ipykernel.__version__}", flush=True)
while not os.path.exists("enough"): time.sleep(0.01)
"""


@pytest.mark.parametrize("version", kernels.VERSIONS)
def test_a_chat_answers_while_a_cell_runs_or_says_that_the_kernel_is_busy(desk: Desk, version: str) -> None:
    if not kernels.python(version).exists():
        pytest.skip("`python3 -m tests kernels` makes the environments of the kernels first")
    cells = ["%load_ext poebook\nimport poebook as fp", bots.ECHO, WORK]
    name = f"ipykernel-{version}"
    notebook = Notebook.open(desk, desk.lab.write(f"{name}.ipynb", cells, kernel=name))
    notebook.run(0)
    notebook.run(1)
    chat = notebook.chat(1)
    expect(chat.ask("before", "echo")).to_contain_text("before")
    cell = notebook.run(2, wait=False)
    try:
        expect(cell).to_contain_text(f"ipykernel {version}.", timeout=PATIENCE)
        chat.say("meanwhile")
        if READS_MEANWHILE[version]:
            expect(chat.messages("echo").nth(1)).to_contain_text("meanwhile", timeout=PATIENCE)
            expect(chat.root).not_to_contain_text(BUSY)
        else:
            expect(chat.root).to_contain_text(BUSY, timeout=PATIENCE)
            expect(chat.messages("echo")).to_have_count(1)
        expect(cell.locator(".jp-InputPrompt")).to_have_text("[*]:")
    finally:
        (desk.lab.folder / "enough").touch()
        notebook.wait(2)
        (desk.lab.folder / "enough").unlink()
    expect(chat.messages("echo").nth(1)).to_contain_text("meanwhile", timeout=PATIENCE)
    expect(chat.messages("echo").nth(1)).to_have_attribute("data-state", "done", timeout=PATIENCE)
    expect(chat.root).not_to_contain_text(BUSY)
    expect(notebook.cell(1).locator(".poebook-saved")).to_contain_text("meanwhile", timeout=PATIENCE)
