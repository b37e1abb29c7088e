"""Who a target is."""

import pytest

from poebook.client import targets
from poebook.client.targets import Target, resolve, set_directory
from poebook.errors import InvalidKey, UnknownTarget


class Directory:
    def find(self, name: str) -> Target | None:
        if name != "echo":
            return None
        return Target(name, name, "this kernel", "http://127.0.0.1:8080/echo", "local", key="local-key")

    def names(self) -> list[str]:
        return ["echo"]


@pytest.fixture(autouse=True)
def _directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "_directory", targets._directory)
    set_directory(Directory())


def test_a_served_name_is_that_bot() -> None:
    assert resolve("echo").kind == resolve("local:echo").kind == resolve(" echo ").kind == "local"


def test_another_name_is_a_bot_on_poe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_API_KEY", "k")
    target = resolve("GPT 5/x")
    assert (target.where, target.url, target.key) == ("on Poe", "https://api.poe.com/bot/GPT%205%2Fx", "k")
    assert resolve("poe:echo").kind == "poe"


def test_the_base_url_of_poe_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_API_KEY", "k")
    monkeypatch.setenv("POE_BASE_URL", "http://127.0.0.1:9000/poe")
    assert resolve("poe:A").url == "http://127.0.0.1:9000/poe/bot/A"


def test_a_url_is_a_bot_server(monkeypatch: pytest.MonkeyPatch) -> None:
    target = resolve("https://bots.example.org:8443/a/orrery/", "k")
    assert (target.name, target.where, target.key) == ("orrery", "bots.example.org:8443", "k")
    assert resolve("http://127.0.0.1:8000").name == "127.0.0.1:8000"
    monkeypatch.setenv("ORRERY_KEY", "key-of-the-environment")
    assert resolve("https://bots.example.org/orrery", "$ORRERY_KEY").key == "key-of-the-environment"


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("ehco", "No bot named ehco is served here. Did you mean echo\\? Served here: echo. To ask ehco on Poe, set"),
        ("local:other", "No bot named other is served here. Served here: echo."),
        ("poe:echo", "echo is a bot on Poe; to ask it, set POE_API_KEY"),
        ("https://", "no complete address"),
        ("ftp://bots.example.org/echo", "begins with https:// or http://"),
        ("  ", "The target is empty"),
        (int, "A type cannot be asked.*make an instance"),
    ],
)
def test_an_unknown_target_is_said_with_the_next_step(spec: object, words: str) -> None:
    with pytest.raises(UnknownTarget, match=words):
        resolve(spec)


def test_a_key_that_is_not_in_the_environment_is_said() -> None:
    with pytest.raises(InvalidKey, match="MISSING_KEY is not set"):
        resolve("https://bots.example.org/orrery", "$MISSING_KEY")


def test_no_key_is_in_a_repr() -> None:
    assert "s3cret" not in repr(resolve("https://bots.example.org/orrery", "s3cret"))
