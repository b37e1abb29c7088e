"""Every public name, with the parameters and defaults of the original."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import warnings
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel

import poebook
from tests.parity.subject import SUBMODULES
from tests.upstream import fastapi_poe

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    THEIRS = {name: importlib.import_module(f"fastapi_poe.{name}") for name in SUBMODULES}
OURS = {name: importlib.import_module(f"poebook.{name}") for name in SUBMODULES}

FUNCTIONS = [
    ("base", "make_app"),
    ("base", "run"),
    ("base", "generate_inline_ref"),
    ("base", "get_filename_from_url"),
    *[("client", name) for name in ("stream_request", "stream_request_base", "get_bot_response", "get_final_response")],
    *[("client", name) for name in ("get_bot_response_sync", "sync_bot_settings", "upload_file", "upload_file_sync")],
    ("sync_utils", "run_sync"),
]
METHODS = [
    name
    for name, value in vars(fastapi_poe.PoeBot).items()
    if inspect.isfunction(inspect.unwrap(getattr(value, "__func__", value)))
    and (not name.startswith("_") or name in ("__init__", "_upload_file"))
]
MODELS = [
    name
    for name in fastapi_poe.__all__
    if inspect.isclass(kind := getattr(fastapi_poe, name)) and issubclass(kind, BaseModel)
]
EASIER = {
    "PartialResponse.text",
    "ErrorResponse.text",
    "MetaResponse.text",
    "MessageFeedback.reason",
}  # may be left out
ERRORS = [
    *[("client", name) for name in ("BotError", "BotErrorNoRetry", "AttachmentUploadError", "InvalidBotSettings")],
    *[("base", name) for name in ("CostRequestError", "InsufficientFundError", "InvalidParameterError")],
]
CONSTANTS = [
    *[
        ("client", name)
        for name in ("PROTOCOL_VERSION", "MESSAGE_LENGTH_LIMIT", "IDENTIFIER_LENGTH", "MAX_EVENT_COUNT")
    ],
    ("base", "POE_API_WEBSERVER_BASE_URL"),
    *[("templates", f"{name}_ATTACHMENT_TEMPLATE") for name in ("TEXT", "URL", "IMAGE_VISION")],
]


def parameters(function: Any) -> list[tuple[str, str, Any]]:
    """Name, kind and default of each; a function that is a default counts as one. Keywords have no order."""
    said = [
        (one.name, one.kind.name, "a function" if inspect.isfunction(one.default) else one.default)
        for one in inspect.signature(function).parameters.values()
    ]
    by_place = [one for one in said if one[1] != "KEYWORD_ONLY"]
    return by_place + sorted((one for one in said if one[1] == "KEYWORD_ONLY"), key=lambda one: one[0])


def test_every_public_name_is_there() -> None:
    assert len(fastapi_poe.__all__) == 55
    assert set(fastapi_poe.__all__) <= set(poebook.__all__)
    for name in poebook.__all__:
        assert getattr(poebook, name) is not None


@pytest.mark.parametrize("module", SUBMODULES)
def test_a_submodule_has_the_names_that_the_original_defines(module: str) -> None:
    theirs = THEIRS[module]
    own = [
        name
        for name, value in vars(theirs).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == theirs.__name__
    ]
    inner = {"http_exception_handler", "T"}  # nobody imports these
    assert [name for name in own if name not in inner and not hasattr(OURS[module], name)] == []


@pytest.mark.parametrize(("module", "name"), FUNCTIONS)
def test_a_function_has_the_parameters_of_the_original(module: str, name: str) -> None:
    ours, theirs = getattr(OURS[module], name), getattr(THEIRS[module], name)
    assert parameters(ours) == parameters(theirs)
    assert inspect.iscoroutinefunction(ours) == inspect.iscoroutinefunction(theirs)
    assert inspect.isasyncgenfunction(ours) == inspect.isasyncgenfunction(theirs)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_of_a_bot_has_the_parameters_of_the_original(name: str) -> None:
    ours, theirs = getattr(poebook.PoeBot, name), getattr(fastapi_poe.PoeBot, name)
    assert parameters(ours) == parameters(theirs)
    assert inspect.isasyncgenfunction(ours) == inspect.isasyncgenfunction(theirs)


def test_a_bot_is_a_dataclass_with_the_fields_of_the_original() -> None:
    def fields(module: ModuleType) -> list[tuple[str, Any]]:
        return [(one.name, one.default) for one in dataclasses.fields(module.PoeBot)]

    assert fields(poebook) == fields(fastapi_poe)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_has_the_fields_and_defaults_of_the_original(name: str) -> None:
    def fields(model: type[BaseModel]) -> dict[str, Any]:
        return {
            field: "easier"
            if f"{name}.{field}" in EASIER
            else (info.is_required(), info.get_default(call_default_factory=True, validated_data={}), info.alias)
            for field, info in model.model_fields.items()
        }

    ours, theirs = fields(getattr(poebook, name)), fields(getattr(fastapi_poe, name))
    assert list(ours) == list(theirs)
    assert {field: repr(one) for field, one in ours.items()} == {field: repr(one) for field, one in theirs.items()}


@pytest.mark.parametrize(("module", "name"), ERRORS)
def test_an_error_has_the_parents_of_the_original(module: str, name: str) -> None:
    ours, theirs = getattr(OURS[module], name), getattr(THEIRS[module], name)
    assert {one.__name__ for one in theirs.__mro__} <= {one.__name__ for one in ours.__mro__}
    assert str(ours("words")) == str(theirs("words")) == "words"
    assert ours("words", 7).args == theirs("words", 7).args


@pytest.mark.parametrize(("module", "name"), CONSTANTS)
def test_a_constant_is_that_of_the_original(module: str, name: str) -> None:
    assert getattr(OURS[module], name) == getattr(THEIRS[module], name)


@pytest.mark.parametrize("module", ["base", "client"])
def test_a_module_has_the_models_that_old_bots_import_from_it(module: str) -> None:
    models = {name for name, value in vars(THEIRS[module]).items() if vars(THEIRS["types"]).get(name) is value}
    models = {name for name in models if hasattr(poebook.types, name) and not name.startswith("_")}
    assert models
    for name in models:
        assert getattr(OURS[module], name) is getattr(poebook.types, name)
