import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.make import Make
from transforms.extract.model import load_reader
from transforms.extract.reading import published_day, read_articles
from transforms.records import Reading

TEXTS = [
    "CHAD, MALI SIGN TRADE PACT\n\nNDJAMENA, March 4 (AP) - Chad and Mali signed a trade pact on Monday. "
    "Under it both must cut tariffs by June 30.",
    "Strike deadline nears\n\nThe union and Acme Corp agreed on Friday to extend their contract until May 1, 2024.",
    "Kenya and Uganda have agreed on a ceasefire line, President William Ruto said. It takes effect on July 1.",
    "Nothing happened\n\nThe museum reopened on Monday with a new roof.",
]


@pytest.fixture(scope="module")
def nlp():
    return load_reader()


def _articles(texts):
    return [dataclasses.replace(Make.article(f"a{n}"), text=text) for n, text in enumerate(texts)]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(TEXTS))), size=st.integers(1, len(TEXTS)))
def test_an_article_reads_the_same_in_any_batch_and_order(nlp, order, size):
    articles = _articles(TEXTS)
    alone = {article.id: read_articles(nlp, [article])[0] for article in articles}
    shuffled = [articles[n] for n in order]
    for start in range(0, len(shuffled), size):
        batch = shuffled[start : start + size]
        for article, reading in zip(batch, read_articles(nlp, batch), strict=True):
            assert reading == alone[article.id]


def test_quotes_are_the_letters_of_the_article(nlp):
    [article, *_] = _articles(TEXTS)
    [reading] = read_articles(nlp, [article])
    spans = [span for actor in reading.actors for span in actor.mentions]
    spans += [span for agreement in reading.agreements for span in agreement.evidence]
    spans += [deadline.evidence for deadline in reading.deadlines]
    assert spans
    assert all(article.text[span.start : span.end] == span.text for span in spans)


ODD = [
    "",
    " \n ",
    "\x00\x01\x02",
    "🙂" * 500,
    "السلام عليكم " * 50,
    "<p>Chad</p>" * 100,
    "SIGNED " * 300,
    "a" * 5000,
    "-" * 3000,
]


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_give_a_reading(nlp, text):
    [reading] = read_articles(nlp, _articles([text]))
    assert isinstance(reading, Reading), reading


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=400))
def test_any_text_gives_a_reading(nlp, text):
    [reading] = read_articles(nlp, _articles([text]))
    assert isinstance(reading, Reading), reading


@pytest.mark.parametrize(
    ("published", "day"), [("2024-05-01", "2024-05-01"), ("2024-05-01T23:30:00-05:00", "2024-05-01"), (None, "None")]
)
def test_published_day_is_the_day_in_its_own_offset(published, day):
    assert str(published_day(published)) == day
