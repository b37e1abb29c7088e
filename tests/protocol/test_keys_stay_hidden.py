"""A key is readable as an attribute, and nowhere else."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

import poebook as fp

KEY = "s3cret-s3cret-s3cret-s3cret-s3cr"


def _query(**more: object) -> fp.QueryRequest:
    data = {"version": "1.2", "type": "query", "query": [], "user_id": "u", "conversation_id": "c", "message_id": "m"}
    return fp.QueryRequest.model_validate({**data, **more})


def test_a_request_shows_no_key() -> None:
    request = _query(access_key=KEY, api_key=KEY)
    assert KEY not in repr(request) + str(request) + f"{[request]}"
    assert request.access_key == request.api_key == KEY


def test_a_request_without_key_says_so() -> None:
    assert "access_key='<missing>'" in repr(_query())


def test_a_refused_request_shows_no_key() -> None:
    with pytest.raises(ValidationError) as caught:
        _query(access_key=KEY, query=None, temperature="hot")
    assert KEY not in str(caught.value)


def test_a_bot_shows_no_key() -> None:
    assert KEY not in repr(fp.PoeBot(access_key=KEY))
