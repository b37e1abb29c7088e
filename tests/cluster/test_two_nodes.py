"""Bots on two nodes: they answer, they are replaced, they lose what must be lost and no more. In this order."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import psutil

from tests.cluster.machines import KEY, poebook, wait
from tests.cluster.project import Project
from tests.cluster.streams import Answer, ask, ask_until_answered, begin, until


async def test_both_nodes_stream_at_once_event_by_event(project: Project) -> None:
    gate = project.folder / "both"
    answers, tasks = await begin(project.url, KEY, str(gate), 40)
    assert {project.machines.node_of(one.replica) for one in answers} == {0, 1}
    assert not [one for one in answers if one.done]
    assert {one.text.split()[2] for one in answers} == {"vanilla"}
    gate.touch()
    await asyncio.gather(*tasks)
    assert all(one.whole for one in answers)


async def test_a_wrong_key_is_refused(project: Project) -> None:
    refused = await ask(project.url, "x" * 32, "now")
    assert (refused.status, refused.text) == (401, "")


async def test_the_handler_ends_when_its_reader_goes(project: Project) -> None:
    asked = project.folder / "gone"
    _, [task] = await begin(project.url, KEY, str(asked), 1)
    task.cancel()
    await asyncio.to_thread(wait, asked.with_suffix(".cancelled").exists, "the handler of a reader who went")


def test_the_key_is_in_no_command_line_no_environment_no_log_and_no_list(project: Project) -> None:
    found = [str(path) for path in _files(project.machines.session) if KEY.encode() in path.read_bytes()]
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            if KEY in " ".join([*process.cmdline(), *process.environ().values()]):
                found.append(f"process {process.pid}")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    assert not found
    seen = project.machines.do("look")["seen"]
    assert "keeper" in seen
    assert KEY not in seen


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


async def test_a_replacement_under_load_loses_no_answer(project: Project) -> None:
    gate, over = project.folder / "kept", asyncio.Event()
    kept, tasks = await begin(project.url, KEY, str(gate), 20)
    short: list[Answer] = []

    async def go_on_asking() -> None:
        while not over.is_set():
            short.append(await ask(project.url, KEY, "now"))
            await asyncio.sleep(0.05)

    askers = [asyncio.create_task(go_on_asking()) for _ in range(4)]
    serving = asyncio.create_task(asyncio.to_thread(project.serve, "second"))
    await until(lambda: serving.done() or bool(short and short[-1].whole and short[-1].version == "second"))
    assert not [one for one in kept if one.done]  # the old go on beside the new
    gate.touch()
    await asyncio.gather(*tasks)
    await serving
    over.set()
    await asyncio.gather(*askers)
    assert {(one.whole, one.version) for one in kept} == {(True, "first")}
    assert [one for one in short if not one.whole] == []
    assert {one.version for one in short} == {"first", "second"}
    assert (await ask(project.url, KEY, "now")).version == "second"


def test_a_path_that_is_taken_on_the_cluster_is_said_with_the_next_step(project: Project) -> None:
    (project.folder / "other.py").write_text("def get_response(request):\n    return 'other'\n")
    done = poebook(
        *("serve", "other.py", "--no-key", "--engine", "ray", "--address", project.machines.address, "--detach"),
        folder=project.folder,
    )
    assert done.returncode == 1
    assert "The application keeper answers at / on this cluster already" in done.stderr
    assert "--route /other" in done.stderr


async def test_a_node_that_is_killed_loses_only_its_own_answers(project: Project) -> None:
    await asyncio.to_thread(project.spread, "third")
    gate = project.folder / "killed"
    answers, tasks = await begin(project.url, KEY, str(gate), 60)
    nodes = project.machines
    on_it = [one for one in answers if 1 in (nodes.node_of(one.replica), nodes.node_of(one.proxy))]
    elsewhere = [one for one in answers if one not in on_it]
    assert on_it
    assert elsewhere
    nodes.do("kill")
    await asyncio.gather(*(task for one, task in zip(answers, tasks, strict=True) if one in on_it))
    gate.touch()
    await asyncio.gather(*tasks)
    assert all(one.whole for one in elsewhere)
    assert not any(one.whole for one in on_it)
    await ask_until_answered(project.url, KEY)
