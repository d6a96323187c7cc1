"""Languages are named by their ISO 639 codes."""

import pytest

from transforms.ingest.language import detect_language, language_code


@pytest.mark.parametrize(
    ("name", "code"),
    [("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("eng", "en"), ("English", "en"), ("und", None), (" ", None)],
)
def test_language_code_reads_codes_and_names(name, code):
    assert language_code(name) == code


@pytest.mark.parametrize("name", ["x", "xx", "Klingonish", "e n"])
def test_language_code_refuses_what_is_no_language(name):
    with pytest.raises(LookupError):
        language_code(name)


def test_detect_language_needs_some_text():
    assert detect_language("The two sides agreed on Monday to meet again.") == "en"
    assert detect_language("Die beiden Seiten einigten sich am Montag auf ein Treffen.") == "de"
    assert detect_language("OK 123") is None
