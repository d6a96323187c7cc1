import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.store.analysis import MAX_WORD_CHARACTERS, VALUE_BREAK, analyse, fold, keyword, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Heavy weapons, by October 10!", "heavy weapons by october 10"),
        ("a U.S.-led cease-fire", "a u s led cease fire"),
        ("Turkey's “no” – 1,000 km²", "turkey s no 1 000 km2"),
        ("snake_case", "snake case"),
        ("", ""),
        ("—!?", ""),
        ("Türkiye Erdoğan İstanbul ışık", "turkiye erdogan istanbul isik"),
        ("Łódź Øresund Đilas Þór Straße STRASSE ẞ", "lodz oresund dilas thor strasse strasse ss"),
        ("Æthelred Œuvre Ǽ Əliyev São Tomé", "aethelred oeuvre ae aliyev sao tome"),
        ("cafe\u0301 café CAFÉ", "cafe cafe cafe"),
        ("Tiếng Việt", "tieng viet"),
        ("ΣΟΦΟΣ σοφός Ἀθῆναι", "σοφοσ σοφοσ αθηναι"),
        ("Горбачёв Київ", "горбачев киів"),
        ("ﬁnal ＯＫ", "final ok"),
        ("हिन्दी العَرَبِيَّة 한국어 停火協議", "हिन्दी العَرَبِيَّة 한국어 停火協議"),
    ],
)
def test_words_are_folded_runs_of_letters_digits_and_marks(text, words):
    assert split_words(text) == words.split()


def test_long_words_are_cut():
    assert split_words("x" * 1000 + " y") == ["x" * MAX_WORD_CHARACTERS, "y"]


def test_values_of_one_field_stay_apart():
    assert analyse(["Idlib; Aleppo", "—", "Hama"]) == f"idlib aleppo {VALUE_BREAK} hama"


def test_keywords_are_compared_without_case_accents_and_space_around():
    assert keyword(" São-Tomé 2 ") == "sao-tome 2"
    assert keyword("\ud800") == "?"


@given(st.text(alphabet=st.characters()))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    words = split_words(text)
    assert split_words(" ".join(words)) == words


@given(st.text(alphabet=st.characters()))
def test_words_hold_letters_digits_and_marks_only(text):
    assert {unicodedata.category(c)[0] for word in split_words(text) for c in word} <= set("LNM")
    assert VALUE_BREAK not in analyse([text])


@given(st.text(alphabet=st.sampled_from("aZ1 -’“éÉßİŁ²Йй停\ud800"), max_size=80))
def test_a_text_is_folded_as_each_of_its_characters_alone(text):
    many = "".join(map(chr, range(0x100, 0x140)))  # a text of many letters outside of ASCII is folded another way
    assert split_words(f"{text} {many}")[:-1] == split_words(text)
