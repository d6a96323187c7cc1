import numpy as np
import pytest

from transforms.dedupe.fingerprint import SIGNATURE_ROWS, fingerprint


def _count(numbers, dtype=np.uint32):
    return len(np.frombuffer(numbers, dtype))


def test_fingerprint_does_not_see_case_accents_and_punctuation():
    one = fingerprint("Erdogan and Putin met in Sochi – and agreed on a zone.")
    assert one.shingles == fingerprint("ERDOĞAN and Putin met, in Sochi -- and agreed on a zone").shingles


@pytest.mark.parametrize(
    ("text", "shingles"), [("", 1), ("Truce", 1), ("a b c d", 1), ("a b c d e", 2), ("x " * 50, 1)]
)
def test_fingerprint_of_short_texts_is_whole(text, shingles):
    said = fingerprint(text)
    assert _count(said.shingles) == shingles
    assert _count(said.signature) == SIGNATURE_ROWS


def test_signature_rows_agree_as_often_as_shingles_overlap():
    shared = " ".join(f"shared{n}" for n in range(2000))
    one, other = (fingerprint(shared + " " + " ".join(f"{side}{n}" for n in range(1000))) for side in "ab")
    alike = sum(
        mine == theirs
        for mine, theirs in zip(
            np.frombuffer(one.signature, np.uint32), np.frombuffer(other.signature, np.uint32), strict=True
        )
    )
    assert 0.2 * SIGNATURE_ROWS <= alike <= 0.8 * SIGNATURE_ROWS  # an overlap of 0.5 in 32 rows: within 3.4 deviations


def test_fingerprint_of_half_a_surrogate_pair_is_made():
    assert fingerprint("broken \ud800 text of an article").shingles


def test_names_are_capitals_inside_sentences_and_numbers():
    plain = fingerprint("The two sides agreed on a truce. They had fought for years.")
    named = fingerprint("The two sides agreed in Geneva on 12 points. They had fought in Togo.")
    assert (_count(plain.names), _count(named.names)) == (0, 3)
