"""A text's title is its headline, or what stands for one."""

import pytest

from transforms.ingest.headline import find_title, with_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Rivals sign pact\n\nThe two rivals signed.", "Rivals sign pact"),
        ("\n\n  Rivals   sign pact\nThe two rivals signed.", "Rivals sign pact"),
        ("17 September 2018\n\nRivals sign pact\n\nText.", "Rivals sign pact"),
        ("By Ann Example\n\nRivals sign pact\n\nText.", "Rivals sign pact"),
        ("The rivals signed on Monday. They left.", "The rivals signed on Monday."),
        (
            "The rivals met on Monday in\nLower Landing and signed. So.",
            "The rivals met on Monday in Lower Landing and signed.",
        ),
        ("Will the rivals sign?\n\nText.", "Will the rivals sign?"),
        ("3 May 2006", "3 May 2006"),
        ("!!!", "!!!"),
    ],
)
def test_find_title(text, title):
    assert find_title(text) == title


def test_find_title_cuts_a_long_sentence_between_words():
    title = find_title("word " * 100)
    assert len(title) <= 120
    assert title.endswith("word…")


def test_with_title_adds_a_title_only_where_it_is_missing():
    assert with_title("Rivals sign", "They met.") == "Rivals sign\n\nThey met."
    assert with_title("Rivals ‘sign’", "RIVALS 'SIGN'\nThey met.") == "RIVALS 'SIGN'\nThey met."
    assert with_title(None, "They met.") == "They met."
