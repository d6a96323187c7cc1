import pytest

from transforms.extract.marks import without_marks


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Daleco Inc <DLC> said", "Daleco Inc       said"),
        ("with <Barlow Paper Ltd> for", "with  Barlow Paper Ltd  for"),
        ("Kobe Mills <KBM.T> rose", "Kobe Mills         rose"),
        ("a < b and c > d", "a < b and c > d"),
        ("<p>left in", "<p>left in"),
        ("a colonel, Lieut. Col. Amos Reed", "a colonel, Lieut  Col. Amos Reed"),
    ],
)
def test_marks_become_blanks_at_the_same_length(text: str, read: str) -> None:
    assert without_marks(text) == read
    assert len(read) == len(text)
