"""The files of an exported project, by what reads them."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from poebook.export.project import container, environment, kubernetes, modal, ray, readme, testing
from poebook.export.project.facts import Facts, Variable
from poebook.export.requirements import Needs

ROOT = Path(__file__).resolve().parents[2]
PLAIN = Facts("tide", "notes.ipynb", "", ["poebook==0.1.0"])
RICH = replace(PLAIN, name="Tide_Bot", variables=[Variable("TIDE_KEY", "stood in cell [2]")], tests=True)


@pytest.mark.parametrize("facts", [PLAIN, RICH], ids=["plain", "rich"])
def test_python_files_are_python(facts: Facts) -> None:
    written = [text for name, text in testing.tests(facts).items() if name.endswith(".py")]
    for text in (modal.modal_app(facts), ray.ray_app(facts), *written):
        assert ast.get_docstring(ast.parse(text))


def test_kubernetes_asks_whether_the_bot_is_ready_and_gives_it_its_keys() -> None:
    deployment, service = yaml.safe_load_all(kubernetes.kubernetes(RICH))
    (one,) = deployment["spec"]["template"]["spec"]["containers"]
    assert one["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": 8080}
    assert one["envFrom"] == [{"secretRef": {"name": "tide-bot"}}]
    assert deployment["spec"]["selector"]["matchLabels"] == service["spec"]["selector"]
    assert service["spec"]["ports"][0]["targetPort"] == one["ports"][0]["containerPort"]


def test_the_linter_has_nothing_to_say_of_the_dockerfile(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(container.dockerfile(RICH))
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, tmp_path / "Dockerfile"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_image_runs_the_bot_as_nobody_in_particular() -> None:
    steps = [line.split(maxsplit=1) for line in container.dockerfile(PLAIN).splitlines() if line[:1].isupper()]
    names = [name for name, _ in steps]
    assert steps[0] == ["FROM", f"python:{PLAIN.python}-slim"]
    assert names.index("USER") < names.index("CMD")
    assert ".env" in container.IGNORED.splitlines()


def test_variables_are_listed_without_values() -> None:
    text = environment.env_example(RICH)
    assert "TIDE_KEY=\n" in text
    assert "POE_ACCESS_KEY=\n" in text
    assert "TIDE_KEY" in readme.readme(RICH)
    assert 'env=["TIDE_KEY"]' in ray.ray_app(RICH)


def test_requirements_are_what_is_imported_in_the_versions_that_are_installed(tmp_path: Path) -> None:
    (tmp_path / "near.py").write_text("import yaml\nfrom deeper import thing\n")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper/__init__.py").write_text("import httpx\n")
    needs = Needs({"json", "near", "nowhere_at_all"}, tmp_path)
    assert [line.partition("==")[0].lower() for line in needs.lines] == ["httpx", "poebook", "pyyaml"]
    assert sorted(needs.near) == ["deeper/__init__.py", "near.py"]
    assert needs.unknown == ["nowhere_at_all"]


def test_a_checkout_of_poebook_beside_a_notebook_does_not_come_along() -> None:
    assert Needs({"poebook", "poebook.server.functions"}, ROOT).near == {}
