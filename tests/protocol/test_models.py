"""The models have the fields and defaults that bots written for ``fastapi_poe`` rely on."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import poebook.types as ours
from poebook.protocol.model import Model
from tests.upstream import types as theirs

_MODELS = sorted(
    name
    for name, kind in inspect.getmembers(theirs, inspect.isclass)
    if issubclass(kind, BaseModel) and kind is not BaseModel
)
_EASIER = {"PartialResponse.text", "ErrorResponse.text", "MetaResponse.text", "MessageFeedback.reason"}  # on purpose


def _fields(model: type[BaseModel]) -> dict[str, tuple[bool, object, str | None]]:
    return {
        name: (
            field.is_required(),
            None if field.is_required() else field.get_default(call_default_factory=True, validated_data={}),
            field.alias,
        )
        for name, field in model.model_fields.items()
    }


@pytest.mark.parametrize("name", _MODELS)
def test_a_model_has_the_fields_of_fastapi_poe_in_their_order(name: str) -> None:
    wanted, given = _fields(getattr(theirs, name)), _fields(getattr(ours, name))
    assert list(given) == list(wanted)
    for field, said in wanted.items():
        if f"{name}.{field}" not in _EASIER:
            assert given[field] == said, field


@pytest.mark.parametrize("name", _MODELS)
def test_a_model_refuses_unknown_fields_where_fastapi_poe_does(name: str) -> None:
    wanted = getattr(theirs, name).model_config.get("extra") == "forbid"
    assert (getattr(ours, name).model_config.get("extra") == "forbid") is wanted


@pytest.mark.parametrize("name", _MODELS)
def test_a_model_has_the_parents_of_fastapi_poe(name: str) -> None:
    def names(model: type[BaseModel]) -> list[str]:
        return [kind.__name__ for kind in model.__mro__ if issubclass(kind, BaseModel) and kind.__name__ in _MODELS]

    assert names(getattr(ours, name)) == names(getattr(theirs, name))
    assert issubclass(getattr(ours, name), Model)


@pytest.mark.parametrize("name", ["BaseControl", "FullControls", "Number"])
def test_unions_have_the_members_of_fastapi_poe(name: str) -> None:
    def members(union: Any) -> list[str]:  # a typing.Union
        return [kind.__name__ for kind in union.__args__]

    assert members(getattr(ours, name)) == members(getattr(theirs, name))
    assert type(getattr(ours, name)) is type(getattr(theirs, name))


@pytest.mark.parametrize("name", ["Identifier", "FeedbackType", "ContentType", "MessageType", "ErrorType"])
def test_the_small_types_are_those_of_fastapi_poe(name: str) -> None:
    assert getattr(ours, name) == getattr(theirs, name)


def test_every_public_name_of_the_types_is_there() -> None:
    own = {n for n, value in vars(theirs).items() if getattr(value, "__module__", "") == theirs.__name__}
    assert sorted(name for name in own if not hasattr(ours, name)) == []


def test_two_models_do_not_share_a_default() -> None:
    for make in (
        lambda: ours.ProtocolMessage(role="user", content="hi"),
        lambda: ours.QueryRequest(
            version="1.2", type="query", query=[], user_id="u", conversation_id="c", message_id="m"
        ),
        lambda: ours.PartialResponse(text=""),
        lambda: ours.SettingsResponse(),
    ):
        one, other = make(), make()
        for name in type(one).model_fields:
            value = getattr(one, name)
            if isinstance(value, (list, dict)):
                assert value is not getattr(other, name), name


def test_texts_default_to_nothing() -> None:
    assert ours.MetaResponse().text == ours.ErrorResponse().text == ""
    file = ours.Attachment(url="https://a.example/x", content_type="text/csv", name="x")
    assert ours.PartialResponse(attachment=file).text == ""


def test_from_dict_reads_what_travels() -> None:
    sent: list[dict[str, Any]] = [{"text": "a", "more": 1}, {"text": 5}, {}]
    for data in sent:
        assert ours.PartialResponse.from_dict(data).text == theirs.PartialResponse.from_dict(data).text
    error = ours.ErrorResponse.from_dict({"text": "no", "allow_retry": False, "error_type": "unheard_of"})
    assert (error.text, error.allow_retry, error.error_type) == ("no", False, None)
    assert ours.ErrorResponse.from_dict({"error_type": "insufficient_fund"}).error_type == "insufficient_fund"
    assert ours.ErrorResponse.from_dict({"text": 5, "allow_retry": "odd"}).text == "5"
    file = {"url": "https://a.example/x", "content_type": "text/csv", "name": "x", "inline_ref": "abc"}
    uploaded = ours.AttachmentUploadResponse.from_dict(file)
    assert uploaded.model_dump() == {
        "attachment_url": "https://a.example/x",
        "mime_type": "text/csv",
        "name": "x",
        "inline_ref": "abc",
    }
    query = {"version": "1.2", "type": "query", "user_id": "u", "conversation_id": "c", "message_id": "m"}
    asked = ours.QueryRequest.from_dict({**query, "query": [{"role": "user", "content": "hi"}], "new_key": 1})
    assert asked.query[0].content == "hi"


def test_what_comes_from_outside_is_never_warned_about() -> None:
    message = {"role": "user", "content": "hi", "unheard": 1, "sender": {"nick": "x"}, "attachments": []}
    assert ours.ProtocolMessage.model_validate(message).content == "hi"


@pytest.mark.parametrize(("amount", "charged"), [(12, 12), (12.0, 12), (12.2, 13), (-0.5, 0), (True, 1)])
def test_a_fraction_of_an_amount_is_rounded_up(amount: float, charged: int) -> None:
    assert ours.CostItem(amount_usd_milli_cents=amount).amount_usd_milli_cents == charged


@pytest.mark.parametrize("amount", ["12", None, float("nan"), float("inf")])
def test_an_amount_that_is_no_number_is_refused(amount: object) -> None:
    with pytest.raises(ValidationError):
        ours.CostItem(amount_usd_milli_cents=amount)


def test_a_condition_cannot_hold_a_condition() -> None:
    always = ours.ComparatorCondition(
        comparator="eq", left=ours.LiteralValue(literal=1), right=ours.LiteralValue(literal=1)
    )
    inner = ours.ConditionallyRenderControls(condition=always, controls=[ours.Divider()])
    with pytest.raises(ValidationError):
        ours.ConditionallyRenderControls(condition=always, controls=[inner])


@pytest.mark.parametrize("literal", [True, 1, 1.5, "1"])
def test_a_literal_keeps_its_type(literal: str | float | bool) -> None:
    kept = ours.LiteralValue(literal=literal).literal
    assert kept == literal
    assert type(kept) is type(theirs.LiteralValue(literal=literal).literal)
