import pytest

from transforms.dedupe.fingerprint import fingerprint
from transforms.dedupe.telling import sentences_of

BODY = "Both armies will leave the valley by 1 May. The mayor wept."


def _telling(text):
    return fingerprint(text).telling


@pytest.mark.parametrize(
    "text",
    [
        f"Other words above it\n\n{BODY}",
        f"Truce holds\n\nBy Anna Berg\n\nPublished 3 March 2024, 10:40 GMT\n\n{BODY}",
        f"Truce holds\n\nGENEVA, March 3 (Example Wire) - {BODY}",
        f"Truce holds\n\nGeneva (Example) – {BODY}",
        f"Truce holds\n\n{BODY} A dog barked at them.",
        f"Truce holds\n\n{BODY}\n\nCopyright 2024 Example Wire. All rights reserved.",
    ],
)
def test_own_headline_byline_dateline_and_small_talk_tell_nothing_new(text):
    assert _telling(text) == _telling(f"Truce holds\n\n{BODY}")


@pytest.mark.parametrize(
    "text",
    [
        "Truce holds\n\nBoth armies will leave the valley by 2 May. The mayor wept.",
        "Truce holds\n\nBoth armies will not leave the valley by 1 May. The mayor wept.",
        f"Truce holds\n\n{BODY} A treaty is to follow.",
        f"Truce holds\n\n{BODY} They meet again in spring.",
        f"Truce holds until 9 June\n\n{BODY}",
        f"{BODY} Prisoners were released.",
    ],
)
def test_another_date_word_or_number_tells_something(text):
    assert _telling(text) != _telling(f"Truce holds\n\n{BODY}")


@pytest.mark.parametrize(
    "sentence",
    [
        "NATO agreed by October 10 – a deadline that both sides had asked for.",
        "By the end of the month the troops must be gone.",
        "Updated terms require the dam to be dismantled by May.",
        "Published in May, the accord sets a term of 90 days.",
    ],
)
def test_news_is_not_taken_for_what_stands_on_the_page(sentence):
    assert sentences_of(f"Title\n\n{sentence}")[1:] == [sentence]


def test_dates_with_a_point_are_not_torn_apart():
    assert sentences_of("They leave by Feb. 1. Elections follow on Feb. 15.") == [
        "They leave by Feb. 1.",
        "Elections follow on Feb. 15.",
    ]
