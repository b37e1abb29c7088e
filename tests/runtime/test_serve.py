"""Serving bots from this process: names, paths, keys, swaps and versions."""

from __future__ import annotations

import logging
import warnings
from typing import Any

import httpx
import pytest

import poebook as fp
from poebook.runtime.registry import renew
from poebook.runtime.served import KEPT_VERSIONS
from tests.runtime.asking import Says, Waits, ask, headers, settings, streaming, until


def test_a_bot_answers_at_its_name_and_wants_its_key() -> None:
    bot = fp.serve(Says("hello"), "greeter")
    assert bot.url.endswith("/greeter")
    assert ask(bot) == "hello"
    assert httpx.post(bot.url, json={}).status_code == 401
    assert bot.key is not None
    assert len(bot.key) == 32
    assert fp.served() == {"greeter": bot}


def test_serving_again_under_the_name_swaps_and_keeps_address_and_key() -> None:
    first = fp.serve(Says("first"), "swapped", key="k" * 32, path="/here")
    before = (first.url, first.key, first.version)
    second = fp.serve(Says("second"), "swapped")
    assert second is first
    assert before == (second.url, second.key, 1)
    assert second.version == 2
    assert ask(second) == "second"


def test_a_stream_under_way_ends_with_the_bot_it_began_with() -> None:
    old, new = Waits("old"), Waits("new")
    bot = fp.serve(old, "waiting")
    with streaming(bot) as texts:
        assert next(texts) == "old begins"
        fp.serve(new, "waiting")
        new.go.set()
        old.go.set()
        assert list(texts) == ["old ends"]
    assert ask(bot) == "new beginsnew ends"


def test_a_class_is_made_into_a_bot_named_like_it() -> None:
    bot = fp.serve(Says)
    assert bot.name == "Says"
    assert isinstance(bot.bot, Says)


def test_a_bots_own_name_path_and_key_are_taken() -> None:
    bot = fp.serve(fp.PoeBot(path="/own", access_key="short", bot_name="Mine"))
    assert (bot.name, bot.path, bot.key) == ("Mine", "/own", "short")
    assert ask(bot) == "hello"


def test_rolling_back_lets_older_versions_answer_and_the_next_swap_counts_on() -> None:
    bot = fp.serve(Says("one"), "turning")
    fp.serve(Says("two"), "turning")
    fp.serve(Says("three"), "turning")
    assert (bot.rollback().version, ask(bot)) == (2, "two")
    assert (bot.rollback().version, ask(bot)) == (1, "one")
    with pytest.raises(fp.ServeError, match="at version 1 and has no older one"):
        bot.rollback()
    assert (bot.rollback(3).version, ask(bot)) == (3, "three")
    bot.rollback(1)
    assert fp.serve(Says("four"), "turning").version == 4
    with pytest.raises(fp.ServeError, match="no version 9; it has 1, 2, 3, 4"):
        bot.rollback(9)


def test_only_so_many_versions_are_kept() -> None:
    for _ in range(KEPT_VERSIONS + 2):
        bot = fp.serve(Says(), "growing")
    assert [one.number for one in bot.versions] == list(range(3, KEPT_VERSIONS + 3))


def test_a_stopped_bot_is_not_found_and_the_others_go_on() -> None:
    gone, stays = fp.serve(Says(), "gone"), fp.serve(Says("still"), "stays")
    gone.stop()
    gone.stop()
    assert httpx.post(gone.url, json={}, headers=headers(gone)).status_code == 404
    assert ask(stays) == "still"
    assert gone.state == "stopped"
    assert repr(gone) == "<Served gone, stopped>"
    with pytest.raises(fp.ServeError, match="has been stopped; serve it again"):
        gone.ask("hi")
    with pytest.raises(fp.ServeError, match="has been stopped; serve it again"):
        gone.rollback()


def test_a_bot_served_anew_after_a_stop_begins_with_version_1_and_the_same_key() -> None:
    with fp.serve(Says(), "again") as first:
        pass
    second = fp.serve(Says(), "again")
    assert second is not first
    assert (second.version, second.key) == (1, first.key)


def test_a_new_key_takes_the_old_ones_place_at_once_and_for_good() -> None:
    bot = fp.serve(Says(), "renewed")
    old = headers(bot)
    renew("renewed")
    assert httpx.post(bot.url, json={}, headers=old).status_code == 401
    assert ask(bot) == "said"
    kept = bot.key
    bot.stop()
    assert fp.serve(Says(), "renewed").key == kept


def test_a_bot_without_a_key_answers_anybody_until_it_is_given_one_again() -> None:
    bot = fp.serve(Says(), "open", no_key=True)
    assert bot.key is None
    assert ask(bot) == "said"
    fp.serve(Says(), "open")
    assert bot.key is not None
    assert httpx.post(bot.url, json={}).status_code == 401


def test_an_introduction_from_outside_takes_the_place_of_the_bots_own() -> None:
    class Own(Says):
        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            return fp.SettingsResponse(introduction_message="own", allow_attachments=True)

    made = Own()
    bot = fp.serve(made, "introduced", introduction="from outside")
    told = settings(bot)
    assert (told["introduction_message"], told["allow_attachments"]) == ("from outside", True)
    fp.serve(made, "introduced")
    assert settings(bot)["introduction_message"] == "own"


@pytest.mark.parametrize(
    "kind",
    ["with context", "plain function", "dict"],
)
def test_an_introduction_fits_settings_of_every_shape(kind: str) -> None:
    class WithContext(Says):
        async def get_settings_with_context(
            self, setting: fp.SettingsRequest, context: fp.RequestContext
        ) -> fp.SettingsResponse:
            return fp.SettingsResponse(allow_attachments=True)

    class Plain(Says):
        def get_settings(self, setting: fp.SettingsRequest) -> Any:
            return fp.SettingsResponse(allow_attachments=True)

    class Dict(Says):
        async def get_settings(self, setting: fp.SettingsRequest) -> Any:
            return {"allow_attachments": True}

    made = {"with context": WithContext, "plain function": Plain, "dict": Dict}[kind]()
    told = settings(fp.serve(made, "introduced", introduction="hello"))
    assert (told["introduction_message"], told["allow_attachments"]) == ("hello", True)


@pytest.mark.parametrize("name", ["", "a/b", "..", "a b", "-x", "a?b", "a#b", ".hidden"])
def test_a_name_that_is_no_path_is_refused(name: str) -> None:
    with pytest.raises(fp.ServeError, match="cannot be a bot's name"):
        fp.serve(Says(), name)
    assert fp.served() == {}


@pytest.mark.parametrize("path", ["", "x", "/a//b", "/../x", "/a b", "/a?b", "/a/"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(fp.ServeError, match="cannot be a bot's path"):
        fp.serve(Says(), "x", path=path)


def test_two_bots_cannot_share_a_path() -> None:
    fp.serve(Says(), "one", path="/x")
    with pytest.raises(fp.ServeError, match="/x is where one is served"):
        fp.serve(Says(), "two", path="/x")


def test_what_is_no_bot_is_refused_in_a_sentence() -> None:
    class Needy(fp.PoeBot):
        def __init__(self, model: str, *, temperature: float) -> None:
            super().__init__()

    with pytest.raises(
        fp.ServeError, match=r"Needy needs model and temperature .* Needy\(model=..., temperature=...\)"
    ):
        fp.serve(Needy)
    for thing in (3, str, "echo", None):
        with pytest.raises(fp.ServeError, match="is no bot"):
            fp.serve(thing)  # type: ignore[arg-type]


def test_a_bot_of_fastapi_poe_is_named_as_one() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its models, about pydantic
        import fastapi_poe

    with pytest.raises(fp.ServeError, match="is a bot of fastapi_poe; `import poebook as fp`"):
        fp.serve(fastapi_poe.PoeBot())  # type: ignore[arg-type]


def test_a_key_and_none_at_once_is_refused() -> None:
    with pytest.raises(fp.ServeError, match="leave out one of the two"):
        fp.serve(Says(), "both", key="k" * 32, no_key=True)


def test_what_is_refused_leaves_the_old_bot_serving() -> None:
    bot = fp.serve(Says("old"), "steady")
    with pytest.raises(fp.InvalidKey):
        fp.serve(Says("new"), "steady", key="short")
    with pytest.raises(fp.ServeError):
        fp.serve(Says("new"), "steady", path="no path")
    assert (ask(bot), bot.version, bot.state) == ("old", 1, "serving")


def test_listeners_hear_of_swaps_failures_and_the_stop(caplog: pytest.LogCaptureFixture) -> None:
    bot = fp.serve(Says(), "told")
    heard: list[tuple[str, int]] = []
    leave = bot.subscribe(lambda: heard.append((bot.state, bot.version)))
    bot.subscribe(lambda: 1 / 0)
    with caplog.at_level(logging.ERROR, "poebook"):
        fp.serve(Says(), "told")
        bot.mark_failed()
        bot.rollback()
        bot.stop()
    assert heard == [("serving", 2), ("failed", 2), ("serving", 1), ("stopped", 1)]
    leave()
    assert "A listener of told raised" in caplog.text


def test_calls_say_how_each_question_went() -> None:
    class Fails(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> Any:
            yield "so far"
            if request.query[-1].content == "fail":
                raise KeyError("lisbon")

    bot = fp.serve(Fails(), "counted")
    bot.ask("hi")
    answer = bot.ask("fail")
    until(lambda: all(call.outcome != "answering" for call in bot.calls), "the calls did not end")
    first, second = bot.calls
    assert (first.outcome, second.outcome) == ("done", "failed")
    assert first.event_count == 2
    assert first.total_s is not None
    assert first.first_event_s is not None
    assert 0 < first.first_event_s <= first.total_s
    assert second.message_id == answer.message_id
    fault = bot.journal.fault(answer.message_id)
    assert fault is not None
    assert fault.summary == "KeyError: 'lisbon'"
    assert any("KeyError: 'lisbon'" in line.text for line in bot.journal.lines)


def test_an_asker_who_leaves_is_noted_and_the_handler_ends() -> None:
    made = Waits("left")
    bot = fp.serve(made, "leaving")
    with streaming(bot) as texts:
        next(texts)
        assert [call.outcome for call in bot.calls] == ["answering"]
    assert made.left.wait(20)


def test_its_conversation_goes_on_over_swaps_and_ask_stands_by_itself() -> None:
    bot = fp.serve(Says("one"), "talking")
    bot.conversation.ask("first")
    assert bot.ask("aside").text == "one"
    fp.serve(Says("two"), "talking")
    bot.conversation.ask("second")
    assert [message.content for message in bot.conversation.messages] == ["first", "one", "second", "two"]
    assert fp.Conversation("talking").ask("hi").text == "two"


def test_the_key_is_in_no_repr() -> None:
    bot = fp.serve(Says(), "secret", key="s" * 32)
    assert "s" * 32 not in repr(bot) + repr(fp.served()) + repr(bot.bot) + repr(bot.target()) + str(
        vars(bot.target().fault)
    )


def test_a_bot_that_cannot_be_put_behind_its_door_leaves_things_as_they_were() -> None:
    class Refuses(Says):
        def asgi_app(self, **options: Any) -> Any:
            raise ValueError("not today")

    with pytest.raises(ValueError, match="not today"):
        fp.serve(Refuses(), "steady")
    assert fp.served() == {}
    bot = fp.serve(Says("old"), "steady")
    with pytest.raises(ValueError, match="not today"):
        fp.serve(Refuses(), "steady", path="/elsewhere", key="k" * 32)
    assert (ask(bot), bot.path, bot.version) == ("old", "/steady", 1)
