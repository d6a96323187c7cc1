import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.model import load_trained
from transforms.extract.truecase import truecase

BODY = "\n\nThe pact was signed in Oslo by Minister Tangen of Norway. OPEC did not comment on the truce."


@pytest.fixture(scope="module")
def nlp():
    return load_trained()


@pytest.mark.parametrize(
    ("headline", "written"),
    [
        ("NORWAY SIGNS 64 BILLION DLR GAS SALES PACT", "Norway signs 64 billion dlr gas sales pact"),
        ("Norway Signs Gas Pact After Long Talks", "Norway signs gas pact after long talks"),
        ("OPEC AGREES OUTPUT CUT, IRAQ STAYS OUT", "OPEC agrees output cut, Iraq stays out"),
        ("TANGEN SAYS TRUCE ENDS IN MAY", "Tangen says truce ends in May"),
        ("U.S. AND NORTH KOREA SIGN PACT", "U.S. and North Korea sign pact"),
        ("Rebels’ Leader Rejects 60-Day Truce in Oslo", "Rebels’ leader rejects 60-day truce in Oslo"),
        ("Talks go on", "Talks go on"),
    ],
)
def test_headlines_are_written_as_sentences(nlp, headline, written):
    assert truecase(nlp, headline + BODY) == written + BODY


def test_text_wholly_in_capitals_is_written_as_sentences(nlp):
    shouted = "THE TALKS IN GENEVA ENDED ON MONDAY. PRESIDENT CLINTON SAID ISRAEL WOULD SIGN A PEACE AGREEMENT."
    assert truecase(nlp, shouted) == (
        "The talks in Geneva ended on Monday. President Clinton said Israel would sign a peace agreement."
    )


def test_running_text_is_left_alone(nlp):
    text = "The African Union Said It Hoped so.\n\nA NATO envoy met the Free Syrian Army in Ankara on Monday, he said."
    assert truecase(nlp, text) == text


@given(text=st.text(st.characters(codec="utf-8") | st.sampled_from("ABC abc\n.'’- İßſ"), max_size=300))
def test_every_character_keeps_its_place(nlp, text):
    written = truecase(nlp, text)
    assert len(written) == len(text)
    assert written.casefold() == text.casefold()
