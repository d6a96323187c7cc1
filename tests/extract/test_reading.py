import dataclasses
import itertools
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.make import Make
from transforms.extract.model import MAX_CHARACTERS, TokensError, load_reader, prepare
from transforms.extract.paragraphs import LONGEST_SENTENCE, cuts
from transforms.extract.reading import published_day, read_articles, read_doc
from transforms.records import Reading

BOUND_SECONDS = 300  # of processor time: five times what one sentence of a megabyte took on a busy machine

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


ENDLESS = "The sides agreed to leave the valley by the end of May and Chad will free forty men within ten days while "


def test_a_sentence_without_end_is_read_piece_by_piece(nlp):
    text = f"Chad and Mali signed a truce on Friday and {ENDLESS * 120}"
    [article] = _articles([text])
    doc = read_doc(nlp, article)
    assert max(sentence.end_char - sentence.start_char for sentence in doc.sents) <= LONGEST_SENTENCE
    assert doc.text == text
    assert {deadline.text for deadline in doc._.deadlines} >= {"by the end of May"}


@pytest.mark.parametrize("text", ["word " * 1000, "a" * 5000, "May 5, " * 700, "no, " * 1500])
def test_text_without_full_stops_is_cut_at_words(text):
    starts = [0, *cuts(text), len(text)]
    assert all(start == 0 or text[start - 1] == " " for start in starts[:-1])
    assert all(end - start <= LONGEST_SENTENCE for start, end in itertools.pairwise(starts)) or " " not in text


def test_a_text_beyond_all_bounds_is_an_error_of_its_own(nlp):
    short, long = _articles(["Chad and Mali signed a truce.", "a " * (MAX_CHARACTERS // 2 + 1)])
    read, refused = read_articles(nlp, [short, long])
    assert isinstance(read, Reading)
    assert isinstance(refused, ValueError)


@pytest.mark.parametrize("text", ["🙂" * 12_000, f"Chad {'a' * 12_000} Mali", "(" * 7000 + "\n" + "🙂" * 6000])
def test_a_word_without_end_keeps_its_letters(nlp, text):
    assert prepare(nlp, text, "a", None).text == text


@pytest.mark.soak
def test_a_megabyte_of_signs_is_refused_at_once(nlp):
    started = time.process_time()
    [refused] = read_articles(nlp, _articles(["🙂" * 1_000_000]))
    assert isinstance(refused, TokensError)
    assert "1,000,000 words and signs" in str(refused)
    assert time.process_time() - started < BOUND_SECONDS


@pytest.mark.soak
@pytest.mark.parametrize(
    "text", [ENDLESS, ENDLESS.upper(), f"<p class='x'>{ENDLESS}</p>", "a", "-", "15.01.2020 May 5 "]
)
def test_a_text_of_one_megabyte_is_read_in_bounded_time(nlp, text):
    started = time.process_time()
    [reading] = read_articles(nlp, _articles([text * (1_000_000 // len(text))]))
    assert isinstance(reading, Reading), reading
    assert time.process_time() - started < BOUND_SECONDS


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
