import json
import logging

import pytest

from dangol.app.logs import JsonLines, Sentences


def record(message: str, *, name: str = "dangol.test", **fields: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, __file__, 1, message, None, None)
    made.__dict__.update(fields)
    return made


def failing(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except type(error) as raised:
        made = record("it failed")
        made.exc_info = (type(raised), raised, raised.__traceback__)
        return made


def test_a_line_is_one_json_object_with_time_level_and_event():
    line = json.loads(JsonLines().format(record("a chore failed", chore="tick", seconds=2)))

    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "event": "a chore failed",
        "chore": "tick",
        "seconds": "2",
    }


def test_a_field_that_is_not_on_the_list_is_left_out():
    line = JsonLines().format(record("sent", email="minji@shop.example"))

    assert "minji" not in line


def test_an_errors_text_is_left_out_and_its_place_is_shown():
    line = json.loads(JsonLines().format(failing(ValueError("minji@shop.example is wrong"))))

    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["where"]
    assert "minji" not in json.dumps(line)


def test_what_other_libraries_say_is_not_repeated():
    line = JsonLines().format(record("sending to minji@shop.example", name="some.library"))

    assert "minji" not in line
    assert "some.library" in line


@pytest.mark.parametrize("formatter", [JsonLines(), Sentences()])
def test_both_formats_name_the_event(formatter):
    assert "a chore failed" in formatter.format(record("a chore failed", chore="tick"))
