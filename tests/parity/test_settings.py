"""What a bot says of itself."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.parity.pair import Ask, Pair, report
from tests.parity.tables import SETTINGS


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_are_sent_with_every_key(pair: Pair, name: str) -> None:
    answer = pair.same(Ask(f"/settings?{urlencode({'name': name})}", report("settings")))
    assert answer.status == 200
    assert len(answer.json) == 15


def test_a_bot_that_overrides_nothing_sends_the_defaults(pair: Pair) -> None:
    answer = pair.same(Ask("/plain", report("settings")))
    assert answer.json["response_version"] == 2


def test_the_plain_method_is_asked_with_the_request(pair: Pair) -> None:
    answer = pair.same(Ask("/fixed-settings", report("settings", version="1.1", new=1)))
    assert answer.json["introduction_message"] == "settings 1.1"
