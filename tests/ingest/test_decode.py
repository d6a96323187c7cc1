"""Bytes become the text their writer saw, or are refused as binary."""

import pytest

from transforms.ingest.decode import decode_text
from transforms.ingest.unreadable import UnreadableInput

ENGLISH = (
    "The deal “of the century”, said Prime Minister José Sócrates – it won’t last. Both sides meet again on Monday.\n"
)
RUSSIAN = "Президенты двух стран договорились в понедельник о создании демилитаризованной зоны.\n" * 3
JAPANESE = "両国の大統領は月曜日、非武装地帯の設置で合意した。十月までに重火器を撤去する。\n" * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-8"),
        (ENGLISH, "utf-8-sig"),
        (ENGLISH, "utf-16"),
        (ENGLISH, "utf-32"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
        (ENGLISH, "cp1252"),
        (RUSSIAN, "utf-16-le"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
    ],
)
def test_decode_text_finds_the_encoding(text, encoding):
    assert decode_text(text.encode(encoding)) == text


def test_decode_text_finds_far_away_letters_of_a_long_file():
    text = "The two sides met on Monday and parted.\n" * 5_000 + ENGLISH
    assert decode_text(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "head",
    ['<meta charset="windows-1251">', '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1251">'],
)
def test_decode_text_believes_what_a_page_declares(head):
    page = f"<html><head>{head}</head><body>Да</body></html>"
    assert decode_text(page.encode("cp1251"), html=True) == page


def test_decode_text_takes_valid_utf8_before_a_wrong_declaration():
    page = f'<html><head><meta charset="iso-8859-1"></head><body>{ENGLISH}</body></html>'
    assert decode_text(page.encode(), html=True) == page


def test_decode_text_passes_over_a_declaration_that_is_no_encoding_of_pages():
    page = '<?xml version="1.0" encoding="punycode"?><p>é</p>'
    assert decode_text(page.encode(), html=True) == page


def test_decode_text_marks_the_damage_in_utf8_that_is_cut():
    assert decode_text(ENGLISH.encode() + "é".encode()[:1]) == ENGLISH + "\ufffd"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"%PDF-1.4 text", "PDF"),
        (b"PK\x03\x04text", "ZIP"),
        (b"text with a NUL \x00 byte in the middle of it", "NUL"),
        (bytes(range(1, 32)) * 20, "control"),
    ],
)
def test_decode_text_refuses_binary(data, why):
    with pytest.raises(UnreadableInput, match=why):
        decode_text(data)
