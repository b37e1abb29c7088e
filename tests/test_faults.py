"""What an author is shown of an exception."""

import contextlib
import linecache

import pytest
from pydantic import ValidationError

from poebook.errors import PoebookError
from poebook.faults import Fault, is_machinery, name_cell
from poebook.protocol import SettingsResponse


def _raise_in(source: str, filename: str, call: str = "f") -> BaseException:
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    space: dict[str, object] = {}
    exec(compile(source, filename, "exec"), space)
    try:
        space[call]()  # type: ignore[operator]
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def test_a_cell_is_named_by_its_number_and_line() -> None:
    name_cell("/tmp/ipykernel_1/77.py", 3)
    error = _raise_in("\ndef f():\n    {}['lisbon']\n", "/tmp/ipykernel_1/77.py")
    fault = Fault.of(error)
    assert (fault.summary, fault.cell, fault.line) == ("KeyError: 'lisbon'", 3, 3)
    assert "Cell In[3]" in fault.traceback
    assert "{}['lisbon']" in fault.traceback
    assert "ipykernel_1" not in fault.traceback


def test_the_innermost_cell_line_counts_not_the_librarys() -> None:
    name_cell("cell-a", 4)
    error = _raise_in("import json\ndef f():\n    json.loads('{')\n", "cell-a")
    fault = Fault.of(error)
    assert (fault.cell, fault.line) == (4, 3)
    assert fault.summary.startswith("JSONDecodeError") or "JSONDecodeError" in fault.summary


def test_the_standard_library_on_the_way_is_not_the_authors() -> None:
    name_cell("cell-c", 6)
    source = (
        "from contextlib import contextmanager\n@contextmanager\ndef m():\n    yield\n"
        "def f():\n    with m() as x:\n        {}['lisbon']\n"
    )
    assert Fault.of(_raise_in(source, "cell-c")).line == 7
    assert is_machinery(contextlib.__file__)
    assert not is_machinery(__file__)


def test_what_an_exception_came_from_is_shown() -> None:
    name_cell("cell-b", 5)
    source = (
        "def f():\n    try:\n        1 / 0\n    except ZeroDivisionError as e:\n        raise LookupError('x') from e\n"
    )
    fault = Fault.of(_raise_in(source, "cell-b"))
    assert fault.summary == "LookupError: x"
    assert fault.traceback.count("Cell In[5]") == 2
    assert "ZeroDivisionError" in fault.traceback


def test_an_exception_without_a_traceback_or_text_has_a_name() -> None:
    fault = Fault.of(KeyError())
    assert (fault.summary, fault.cell, fault.line) == ("KeyError", None, None)


def test_several_lines_of_message_end_in_one_summary() -> None:
    assert Fault.of(ValueError("one\ntwo")).summary


def test_a_slip_that_poebook_tells_in_words_is_those_words_alone() -> None:
    slip = PoebookError("get_response gave a float.")  # raised by no line of the author's
    assert Fault.of(slip) == Fault("get_response gave a float.", "get_response gave a float.")


def test_an_exception_of_several_lines_is_told_by_its_first() -> None:
    assert Fault.of(ValueError("no such place\nnor such a time")).summary == "ValueError: no such place"
    noted = KeyError("lisbon")
    noted.add_note("Ask for another.")
    assert Fault.of(noted).summary == "KeyError: 'lisbon'"
    assert Fault.of(SyntaxError("invalid syntax", ("a.py", 1, 2, "a b\n"))).summary == "SyntaxError: invalid syntax"


def test_a_model_that_refuses_a_field_is_told_by_that_field() -> None:
    with pytest.raises(ValidationError) as caught:
        SettingsResponse.model_validate({"allow_attachments": "often"})
    summary = Fault.of(caught.value).summary
    assert summary == "ValidationError: allow_attachments: Input should be a valid boolean, unable to interpret input"
