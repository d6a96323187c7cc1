"""Pieces of HTML give their text."""

import pytest

from transforms.ingest.feeds.fragment import fragment_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Just text", "Just text"),
        ("One\nline\n\nTwo", "One line\n\nTwo"),
        ("A &amp; B <b>bold</b>", "A & B bold"),
        ("<p>One</p><p>Two<br>three</p>tail", "One\n\nTwo\n\nthree\n\ntail"),
        ("<p>One<!-- no --> more</p><script>alert(1)</script><style>p {}</style>end", "One more\n\nend"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("5 < 6 and <unclosed", "5 < 6 and"),
        ("<div>" * 5_000 + "deep", "deep"),
    ],
)
def test_fragment_gives_its_text(html, text):
    assert fragment_text(html) == text
