"""What Poe does between a user and a bot, by itself."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import poebook as fp
from poebook.client.platform import Assumed, Calls, Limits, Relay, assumed, body_of, defaults, prepared, rows, told
from poebook.client.platform.settings import parsed
from poebook.errors import InvalidBotSettings
from poebook.wire.sse import ServerSentEvent

TEXTS = st.text(max_size=20)


def said(role: Any, content: str, name: str | None = None, **fields: Any) -> fp.ProtocolMessage:
    return fp.ProtocolMessage(role=role, content=content, sender=fp.Sender(name=name) if name else None, **fields)


def asked(*messages: fp.ProtocolMessage, **fields: Any) -> fp.QueryRequest:
    ids = {"user_id": "u-1", "conversation_id": "c-1", "message_id": "m-1"}
    return fp.QueryRequest(version="1.2", type="query", query=list(messages), **{**ids, **fields})


def event(name: str, **data: Any) -> ServerSentEvent:
    return ServerSentEvent(name, json.dumps(data))


# -- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "attachments", "several"), [(2, True, True), (3, True, True), (1, False, False), (None, False, False)]
)
def test_what_is_left_open_goes_by_the_version(version: int | None, attachments: bool, several: bool) -> None:
    goes_by = assumed(fp.SettingsResponse(response_version=version))
    assert (goes_by.allow_attachments, goes_by.enable_multi_entity_prompting) == (attachments, several)
    assert (goes_by.expand_text_attachments, goes_by.enforce_author_role_alternation) == (True, False)


def test_what_a_bot_says_is_what_counts() -> None:
    settings = fp.SettingsResponse(allow_attachments=False, enable_multi_bot_chat_prompting=False, custom_rate_card="x")
    goes_by = assumed(settings)
    assert not goes_by.allow_attachments
    assert not goes_by.enable_multi_entity_prompting
    assert goes_by.rate_card == "x"


def test_a_table_shows_what_is_declared_and_what_is_assumed() -> None:
    table = {
        row["name"]: (row["declared"], row["assumed"]) for row in rows(fp.SettingsResponse(allow_attachments=True))
    }
    assert table["allow_attachments"] == (True, True)
    assert table["enable_image_comprehension"] == (None, False)
    assert table["response_version"] == (2, 2)
    assert json.loads(json.dumps(table))


@pytest.mark.parametrize("odd", [None, [], "x", {"allow_attachments": 3.5}, {"unheard": 1}])
def test_settings_that_are_none_are_refused(odd: object) -> None:
    with pytest.raises(InvalidBotSettings):
        parsed(odd)


# -- parameters ---------------------------------------------------------------------------------------------------


def test_every_control_has_its_default_wherever_it_stands() -> None:
    def slider(name: str, default: int | None) -> fp.Slider:
        return fp.Slider(label=name, parameter_name=name, default_value=default, min_value=0, max_value=9, step=1)

    equal = fp.ComparatorCondition(comparator="eq", left=fp.LiteralValue(literal=1), right=fp.LiteralValue(literal=2))
    hidden = fp.ConditionallyRenderControls(condition=equal, controls=[slider("c", 3)])
    controls = fp.ParameterControls(
        sections=[
            fp.Section(controls=[slider("a", 0), fp.Divider(), hidden, slider("none", None)]),
            fp.Section(tabs=[fp.Tab(controls=[slider("b", 2), slider("a", 0)])]),
        ]
    )
    assert defaults(controls) == {"a": 0, "c": 3, "b": 2}
    request = prepared(
        asked(said("user", "hi", parameters={"b": 7, "odd": None})),
        Assumed(parameter_controls=controls),
        bot_name="x",
        now_us=1,
    )
    assert request.query[-1].parameters == {"a": 0, "c": 3, "b": 7, "odd": None}


# -- history ------------------------------------------------------------------------------------------------------


def test_several_people_come_in_their_names() -> None:
    messages = [said("user", "a", "ada"), said("bot", "b", "echo"), said("user", "c", "bob"), said("user", "d")]
    got = told(messages, Assumed(), bot_name="echo")
    assert [m.content for m in got] == ["ada said:\n\na", "b", "bob said:\n\nc", "d"]
    assert [m.content for m in told(messages[:2], Assumed(), bot_name="echo")] == ["a", "b"]


def test_calls_of_tools_are_nobodys_words() -> None:
    call = said("bot", "[]", "other", message_type="function_call")
    assert told([call], Assumed(), bot_name="echo") == [call]


@given(st.lists(st.tuples(st.sampled_from(["user", "bot", "system"]), TEXTS), min_size=1, max_size=30))
def test_roles_take_turns_and_no_word_is_lost(turns: list[tuple[str, str]]) -> None:
    messages = [said(role, content) for role, content in turns]
    got = told(messages, Assumed(enforce_author_role_alternation=True), bot_name="echo")
    assert all(one.role != other.role for one, other in itertools.pairwise(got))
    assert "\n\n".join(m.content for m in got) == "\n\n".join(m.content for m in messages)


@given(st.lists(st.sampled_from(["user", "bot"]), min_size=1, max_size=30), st.integers(1, 30))
def test_the_newest_messages_are_kept(roles: list[str], most: int) -> None:
    messages = [said(role, str(n)) for n, role in enumerate(roles)]
    assert told(messages, Assumed(), bot_name="echo", most=most) == messages[-most:]


# -- queries ------------------------------------------------------------------------------------------------------


def test_what_is_there_already_stays() -> None:
    request = asked(said("user", "hi", message_id="m-7", timestamp=5), metadata="d-1", query_creation_time=3)
    ready = prepared(request, Assumed(), bot_name="x", now_us=9)
    assert (ready.metadata, ready.query_creation_time, ready.query[0].timestamp) == ("d-1", 3, 5)
    assert ready.query[0].message_id == "m-7"
    assert request.query[0].parameters == {}


def test_files_are_read_for_bots_that_want_it() -> None:
    file = fp.Attachment(url="u", content_type="text/csv", name="a.csv")
    image = fp.Attachment(url="v", content_type="image/png", name="a.png")
    message = said("user", "hi", attachments=[file, image])

    def parsed_by(settings: Assumed) -> list[str | None]:
        request = prepared(asked(message), settings, bot_name="x", now_us=1, read=lambda one: one.name)
        return [one.parsed_content for one in request.query[-1].attachments]

    assert parsed_by(Assumed()) == ["a.csv", None]
    assert parsed_by(Assumed(expand_text_attachments=False, enable_image_comprehension=True)) == [None, "a.png"]


def test_a_body_has_no_keys_and_survives_half_a_character() -> None:
    body = body_of(asked(said("user", "\ud83d"), access_key="s3cret", api_key="s3cret"))
    assert b"s3cret" not in body
    assert json.loads(body)["query"][0]["content"] == "\ud83d"


# -- answers ------------------------------------------------------------------------------------------------------


@given(st.lists(st.one_of(st.tuples(st.just("text"), TEXTS), st.tuples(st.just("replace_response"), TEXTS))))
def test_what_is_shown_is_what_was_sent_since_the_last_replacement(parts: list[tuple[str, str]]) -> None:
    relay, shown = Relay(Limits()), ""
    for name, text in parts:
        assert relay.take(event(name, text=text), 0.1) == [event(name, text=text)]
        shown = text if name == "replace_response" else shown + text
    relay.take(ServerSentEvent("done", ""), 0.2)
    assert relay.over
    assert relay.text == shown
    assert relay.take(event("text", text="late"), 0.3) == []


def test_nothing_comes_after_an_error() -> None:
    relay = Relay(Limits())
    assert [one.event for one in relay.take(event("error", text="no"), 0.1)] == ["error", "done"]
    assert relay.end(0.2) == []
    assert relay.failed


def test_odd_meta_is_dropped_and_reported() -> None:
    relay = Relay(Limits(), message_id="m-1")
    assert relay.take(event("meta", linkify="yes"), 0.1) == []
    assert relay.reports == [("Invalid linkify value in 'meta' event", {"linkify": "yes", "message_id": "m-1"})]


def test_unknown_events_are_reported_once_each_and_not_without_end() -> None:
    relay = Relay(Limits())
    for n in range(30):
        relay.take(event(f"odd {n}"), 0.1)
        relay.take(event(f"odd {n}"), 0.1)
    assert len(relay.reports) == 10


def test_time_runs_by_the_clock_that_is_handed_in() -> None:
    relay = Relay(Limits(first_event_s=5, total_s=120))
    assert relay.due_s() == 5
    assert relay.late(4.9) == []
    relay.take(event("text", text="a"), 4.9)
    assert relay.due_s() == 120
    error, done = relay.late(120.1)
    assert "longer than 120 s" in error.data
    assert done.event == "done"
    assert Relay(Limits(enforce=False)).due_s() is None
    assert Relay(Limits(first_event_s=None, total_s=None)).due_s() is None


# -- calls --------------------------------------------------------------------------------------------------------


def test_old_calls_are_forgotten() -> None:
    calls = Calls()
    first = calls.open("a", "u-1")
    for _ in range(2000):
        calls.open("a", "u-1")
    assert calls.find(first.id) is None
    assert len(calls.roots) == 2000


def test_the_newest_call_that_is_under_way_is_found() -> None:
    calls = Calls()
    first, second = calls.open("a", "u-1"), calls.open("a", "u-1")
    assert calls.newest_of(["a", "b"]) is second
    second.total_s = 1.0
    assert calls.newest_of(["a"]) is first
    assert calls.newest_of(["b"]) is None
