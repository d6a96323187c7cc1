import pytest

from transforms.extract.tickers import without_brackets


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Daleco Inc <DLC> said", "Daleco Inc       said"),
        ("with <Barlow Paper Ltd> for", "with  Barlow Paper Ltd  for"),
        ("Kobe Mills <2602.T> rose", "Kobe Mills          rose"),
        ("a < b and c > d", "a < b and c > d"),
        ("<p>left in", "<p>left in"),
    ],
)
def test_brackets_become_blanks_at_the_same_length(text: str, read: str) -> None:
    assert without_brackets(text) == read
    assert len(read) == len(text)
