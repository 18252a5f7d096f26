"""A shop's colour and logo stand on its pages, and everybody can still read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.sending import allowed_message, claim
from tests.pages.test_unsubscribe import link_of

from dangol.pages.brand import (
    DARK_GROUND,
    DARK_INK,
    ENOUGH,
    LIGHT_GROUND,
    WHITE,
    brand_style,
    contrast,
    read_colour,
)
from dangol.store.workspace import set_brand

PARTS = st.integers(min_value=0, max_value=255)


def colours_of(style: str) -> list[str]:
    return [part[:7] for part in style.split(":") if part.startswith("#")]


@given(red=PARTS, green=PARTS, blue=PARTS)
def test_every_colour_can_be_read_in_the_light_and_in_the_dark(red, green, blue):
    style = brand_style(f"#{red:02x}{green:02x}{blue:02x}")

    light, light_ink, dark, dark_ink = map(read_colour, colours_of(style))
    assert contrast(light, LIGHT_GROUND) >= ENOUGH
    assert contrast(light, light_ink) >= ENOUGH
    assert contrast(dark, DARK_GROUND) >= ENOUGH
    assert contrast(dark, dark_ink) >= ENOUGH
    assert {light_ink, dark_ink} <= {WHITE, DARK_INK}


def test_a_colour_that_can_be_read_is_left_as_it_is():
    assert "--deed:#7a3e9d" in brand_style("#7a3e9d")


@pytest.mark.parametrize(
    ("colour", "logo"),
    [
        ("red", None),
        ("#12345", None),
        ("#1234567", None),
        (None, "http://shop.example/logo.png"),
        (None, "https://shop.example/logo.png; script-src *"),
        (None, 'https://shop.example/"onload=x'),
        (None, "https://user@shop.example/logo.png"),
        (None, "https://shop.example"),
        (None, "javascript:alert(1)"),
    ],
)
def test_what_is_no_colour_and_no_picture_is_refused(connection, workspace, colour, logo):
    with pytest.raises(ValueError, match="write"):
        set_brand(connection, workspace_id=workspace, colour=colour, logo_url=logo)


def test_a_page_shows_the_logo_and_may_load_nothing_else(client, connection, workspace):
    message = allowed_message(connection, workspace)
    claim(connection, workspace)
    logo = "https://cdn.shop.example/logo.png?v=1&w=2"
    set_brand(connection, workspace_id=workspace, colour="#7A3E9D", logo_url=logo)
    connection.commit()

    answer = client.get(link_of(workspace, message))

    policy = answer.headers["Content-Security-Policy"]
    assert "img-src https://cdn.shop.example; " in policy
    assert "default-src 'none'" in policy
    assert 'alt="단골 상점"' in answer.text
    assert "logo.png?v=1&amp;w=2" in answer.text
    assert "--deed:#7a3e9d" in answer.text
