"""The cluster of the tests, which takes half a minute to start: all of them have the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.machines import KEY, Machines
from tests.cluster.project import Project
from tests.runner import cluster


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory, quiet_surroundings: None) -> Iterator[Machines]:
    if not cluster.python().exists():
        pytest.fail("`python3 -m tests ray` makes the environment that has Ray first.")
    with Machines.two(tmp_path_factory.mktemp("nodes")) as two:
        yield two


@pytest.fixture(scope="session")
def project(machines: Machines, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project.in_folder(tmp_path_factory.mktemp("cluster"), machines)
    said = project.serve("first")
    assert f"Keeper is running on {project.url} by 2 replicas (it goes on without this command)." in said
    assert KEY not in said
    project.wait_for_both_nodes()
    return project
