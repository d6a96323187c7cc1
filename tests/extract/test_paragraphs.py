import pytest
import spacy

from transforms.extract import paragraphs  # noqa: F401 (registers the component)
from transforms.extract.paragraphs import paragraph_starts


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("Truce holds\n\nThe truce held.", ["Truce", "The"]),
        ("Truce holds\nThe truce held.", ["Truce", "The"]),
        ("in exchange for a\ndebt cancellation", ["in"]),
        ("GENEVA, Feb. 3 (Reuters) - The two sides met.", ["GENEVA", "The"]),
        ("OSLO (AP) -- Talks began.", ["OSLO", "Talks"]),
        ("The UN - and others - met.", ["The"]),
        (
            "NORWAY SIGNS GAS DEAL\n    OSLO, June 2 - State oil company Stat\nhas signed contracts to sell gas\n"
            "to Continental buyers it said\non Monday.\n    The buyers are many.",
            ["NORWAY", "OSLO", "State", "The"],
        ),
        ("", []),
    ],
)
def test_paragraphs_start_where_a_reader_sees_them(text, starts):
    words = [text[start:].split()[0].strip(",") for start in paragraph_starts(text)]
    assert words == starts


def test_sentences_do_not_run_from_a_headline_into_the_text():
    nlp = spacy.blank("en")
    nlp.add_pipe("pactwatch_paragraphs")
    doc = nlp("Russia, Turkey agree on zone\n\nErdogan and Putin announce it.")
    assert [token.text for token in doc if token.is_sent_start] == ["Russia", "Erdogan"]
