"""How many replicas there are, and what Ray is told of it."""

from __future__ import annotations

import pytest

from poebook.errors import InvalidParameterError
from poebook.runtime.cluster import Scale


def test_a_number_of_replicas_is_kept() -> None:
    options = Scale(replicas=8, streams=50, drain_s=30).options()
    assert (options["num_replicas"], options["max_ongoing_requests"]) == (8, 50)
    assert options["graceful_shutdown_timeout_s"] == 30
    assert "autoscaling_config" not in options


def test_the_number_may_follow_the_load() -> None:
    options = Scale(at_least=0, at_most=4, streams=100).options()
    assert "num_replicas" not in options
    bounds = options["autoscaling_config"]
    assert (bounds["min_replicas"], bounds["max_replicas"], bounds["target_ongoing_requests"]) == (0, 4, 70)


def test_one_replica_is_what_nobody_asked_for() -> None:
    assert Scale().options()["num_replicas"] == 1


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ({"replicas": 2, "at_most": 3}, "not both"),
        ({"replicas": 0}, "0 replicas serve nobody"),
        ({"at_least": -1, "at_most": 2}, "cannot be -1 replicas"),
        ({"at_least": 3, "at_most": 2}, "At most 2 replicas is less than at least 3"),
        ({"at_most": 0}, "At most 0 replicas"),
        ({"streams": 0}, "one stream or more"),
        ({"drain_s": -1}, "below 0"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(numbers: dict[str, int], says: str) -> None:
    with pytest.raises(InvalidParameterError, match=says):
        Scale(**numbers)
