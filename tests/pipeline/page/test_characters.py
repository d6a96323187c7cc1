import pytest
from markupsafe import Markup

from pipeline.page.characters import shown


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Chad\nMali\t1", "Chad\nMali\t1"),
        ("a\x00b\x1bc\x7f\x9b", "a�b�c��"),
        ("half \ud83d of a pair", "half � of a pair"),
        ("\ufffe \U0010ffff", "� �"),
        ("\u202eevil\u202c \u2066left\u2069", "evil left"),
        ("السلام 🙂 é", "السلام 🙂 é"),
    ],
)
def test_what_a_page_cannot_show_is_replaced_and_what_turns_it_round_is_left_out(text, safe):
    assert shown(text) == safe
    shown(text).encode()


def test_markup_of_the_page_and_numbers_pass():
    assert shown(Markup("<b>\u202e</b>")) == Markup("<b>\u202e</b>")
    assert (shown(3), shown(None)) == (3, "")
