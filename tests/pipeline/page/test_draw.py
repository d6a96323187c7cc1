import dataclasses
import datetime
import itertools
import re
from pathlib import Path

import pytest

from pipeline.extract_files import Extracted, extract
from pipeline.page.draw import draw_articles, page_of
from tests.make import NOW, Make
from tests.pipeline.page.page_reader import PageReader
from transforms.extract.layers import Bound, Timex, TimexKind
from transforms.extract.names import DEFAULT_MODEL
from transforms.records import (
    Actor,
    ActorKind,
    Agreement,
    AgreementKind,
    AgreementStatus,
    Deadline,
    DeadlineKind,
    Evidence,
    Precision,
    Provision,
    PublishedHow,
    Reading,
    Span,
)

TEXT = (
    "Chad and Mali sign pact\n\n"
    "Chad and Mali signed a pact on Monday. Both sides must open offices by June 30, the Malian president said.\n\n"
    "It expires at the end of 2026."
)
HOSTILE = (
    "</p></style></script><script>alert(1)</script> by June 30 "
    "<img src=x onerror=alert(1)> \"'><b>\u202e {{ 7 * 7 }}\x00"
)


def _evidence(text, words):
    start = text.index(words)
    return Evidence(article="a", start=start, end=start + len(words), text=words, rule="test.rule")


def _mentions(text, *words):
    found = [(match.start(), match.end()) for word in words for match in re.finditer(re.escape(word), text)]
    return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in sorted(found))


def _deadline(text, date, sentence, written, kind=DeadlineKind.DUE, precision=Precision.DAY):
    return Deadline(
        id=f"deadline-{date}",
        agreement="pact",
        kind=kind,
        date=datetime.date.fromisoformat(date),
        precision=precision,
        text=written,
        action=sentence.rstrip("."),
        parties=("country:ML",),
        evidence=_evidence(text, sentence),
    )


def _reading():
    sides = _mentions(TEXT, "Both sides")
    return Reading(
        article="a",
        actors=(
            Actor(id="country:TD", name="Chad", kind=ActorKind.COUNTRY, mentions=(*_mentions(TEXT, "Chad"), *sides)),
            Actor(
                id="country:ML",
                name="Mali",
                kind=ActorKind.COUNTRY,
                aliases=("Malian",),
                mentions=(*_mentions(TEXT, "Mali "), *sides, *_mentions(TEXT, "Malian")),
            ),
            Actor(
                id="person:x",
                name="the president",
                kind=ActorKind.PERSON,
                country="ML",
                mentions=_mentions(TEXT, "the Malian president"),
            ),
        ),
        agreements=(
            Agreement(
                id="pact",
                kind=AgreementKind.ARMS_CONTROL,
                title="Pact between Chad and Mali",
                parties=("country:TD", "country:ML"),
                status=AgreementStatus.IN_FORCE,
                reached="2024-04",
                place="Geneva",
                provisions=(Provision(text="open offices", deadline="deadline-2024-06-30"),),
                evidence=(
                    _evidence(TEXT, "Chad and Mali sign pact"),
                    _evidence(TEXT, "Chad and Mali signed a pact on Monday."),
                ),
            ),
        ),
        deadlines=(
            _deadline(
                TEXT, "2026-12-31", "It expires at the end of 2026.", "at the end of 2026", DeadlineKind.EXPIRES,
                Precision.YEAR,
            ),
            _deadline(
                TEXT, "2024-06-30", "Both sides must open offices by June 30, the Malian president said.", "by June 30"
            ),
        ),
    )  # fmt: skip


def _monday():
    start = TEXT.index("Monday")
    day = datetime.date(2024, 4, 29)
    return Timex(
        start=start, end=start + 6, bound_start=start - 3, text="on Monday", kind=TimexKind.DATE, bound=Bound.ON,
        first=day, last=day, precision=Precision.DAY,
    )  # fmt: skip


def _extracted(text=TEXT, reading=None, title="Chad and Mali sign pact", **changes):
    article = dataclasses.replace(Make.article("a", text=text), title=title, **changes)
    return Extracted(article=article, reading=reading or _reading(), timexes=(_monday(),) if text is TEXT else ())


@pytest.fixture(scope="module")
def page():
    return PageReader(page_of([_extracted()]))


def _words(text):
    return " ".join(text.split())


def test_the_article_stands_whole_and_in_its_own_words(page):
    [title] = page.by_class["title"]
    assert _words(" ".join([title, *page.paragraphs])) == _words(TEXT)


def test_marks_hold_the_words_they_mark(page):
    assert "Both sides must open offices by June 30, the Malian president said." in page.by_class["d1"]
    assert "by June 30" in page.by_class["d1"]
    assert page.by_class["a3"] == ["the Malian president"]
    assert "Malian" in page.by_class["a1"]  # Mali, which is named most
    assert "Both sides" in page.by_class["a1"]
    assert "Both sides" in page.by_class["a2"]


def test_dates_that_are_no_deadlines_say_their_day(page):
    assert {"class": "date", "datetime": "2024-04-29", "title": "29 April 2024"} in page.named("time")


def test_every_deadline_is_on_the_timeline_in_the_order_of_dates(page):
    timeline = [page.texts["d1"], page.texts["d2"]]
    assert ["30 June 2024" in timeline[0], "2026" in timeline[1]] == [True, True]
    assert "61 days" not in timeline[0]
    assert "about 2 months after publication" in _words(timeline[0])
    assert "expires" in timeline[1]
    assert "31 December 2026 at the latest" in _words(timeline[1])
    assert "obliged: Mali" in _words(timeline[0])


def test_an_agreement_shows_parties_status_and_evidence(page):
    card = _words(page.texts["g1"])
    for part in ("Pact between Chad and Mali", "in force", "arms control", "Chad, Mali", "April 2024", "Geneva"):
        assert part in card
    assert "Chad and Mali signed a pact on Monday." in card
    assert "30 June 2024" in card


def test_every_link_inside_leads_somewhere_and_no_id_is_given_twice(page):
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    fragments = [link for link in page.all("href") if link.startswith("#")]
    assert fragments
    assert {link[1:] for link in fragments} <= set(ids)


def test_a_deadline_leads_to_its_sentence(page):
    [target] = {link for link in page.all("href") if link.startswith("#s") and "Both sides" in page.texts[link[1:]]}
    assert page.texts[target[1:]].startswith("Both sides must open offices")


def test_nothing_is_asked_of_any_server():
    text = page_of([_extracted(url="https://news.example/a")])
    read = PageReader(text)
    assert not read.named("script")
    assert not read.all("src")
    assert [link["href"] for link in read.named("link")] == ["data:,"]
    assert "@import" not in text
    assert "url(" not in text
    outside = [link for link in read.all("href") if not link.startswith("#")]
    assert outside == ["data:,", "https://news.example/a"]  # the second is followed only by who clicks on it
    assert "default-src 'none'" in text


def test_a_screen_reader_finds_title_language_headings_and_landmarks(page):
    assert page.named("html") == [{"lang": "en"}]
    tags = [tag for tag, _ in page.elements]
    assert tags.count("h1") == 1
    assert {"title", "main", "aside", "article", "footer"} <= set(tags)
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))


def test_hostile_text_is_only_text():
    reading = Reading(
        article="a",
        actors=(Actor(id="x", name=HOSTILE, kind=ActorKind.OTHER, role=HOSTILE, aliases=(HOSTILE,)),),
        agreements=(
            Agreement(
                id="pact",
                kind=AgreementKind.OTHER,
                title=HOSTILE,
                parties=("x", HOSTILE),
                status=AgreementStatus.AGREED,
                place=HOSTILE,
                provisions=(Provision(text=HOSTILE),),
                evidence=(_evidence(HOSTILE, HOSTILE),),
            ),
        ),
        deadlines=(_deadline(HOSTILE, "2024-06-30", HOSTILE, "by June 30"),),
    )
    clean, hostile = (
        PageReader(page_of([_extracted(text, told, title=title, source=title)]))
        for text, told, title in (("plain", Reading(article="a"), "plain"), (HOSTILE, reading, HOSTILE + "!"))
    )
    assert {tag for tag, _ in hostile.elements} - {tag for tag, _ in clean.elements} <= {
        "li", "ol", "ul", "dl", "dt", "dd", "details", "summary", "blockquote", "figure", "figcaption", "svg",
        "circle", "line", "text", "div", "code", "h3",
    }  # fmt: skip
    assert not [name for _, attributes in hostile.elements for name in attributes if name.startswith("on")]
    [words] = hostile.paragraphs
    assert "<script>alert(1)</script>" in words
    assert "{{ 7 * 7 }}" in words
    assert "\x00" not in words
    assert "\u202e" not in words


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", None])
def test_only_web_addresses_become_links(url):
    read = PageReader(page_of([_extracted(url=url)]))
    assert [link for link in read.all("href") if not link.startswith("#")] == ["data:,"]


@pytest.mark.parametrize("text", [" \n\n ", "🙂", "\n\nlate start", "a\r\nb"])
def test_any_text_without_findings_gives_a_page(text):
    article = _extracted(text, Reading(article="a"), title="T", published=None, published_how=PublishedHow.UNKNOWN)
    page = page_of([article])
    assert "No deadlines were found" in page
    assert "publication date unknown" in page
    assert _words("".join(PageReader(page).paragraphs)) == _words(text)


def test_several_articles_share_a_page_without_mixing():
    read = PageReader(page_of([_extracted(), _extracted()]))
    ids = read.all("id")
    assert len(ids) == len(set(ids))
    assert {"r1-d1", "r2-d1"} <= set(ids)
    assert {link[1:] for link in read.all("href") if link.startswith("#")} <= set(ids)
    assert [tag for tag, _ in read.elements].count("h1") == 1


def test_rules_are_shown_only_when_asked_for():
    assert "test.rule" not in page_of([_extracted()])
    assert "test.rule" in page_of([_extracted()], explain=True)


def test_the_seed_is_drawn_with_all_that_was_read_in_it(tmp_path):
    [seed] = Path("seeds").glob("*.txt")
    [read] = extract(
        str(seed), published=None, now=NOW, model=DEFAULT_MODEL, gazetteer=None, max_file_bytes=1_000_000
    )  # fmt: skip
    draw_articles(tmp_path / "seed.html", [read])
    page = PageReader((tmp_path / "seed.html").read_text(encoding="utf-8"))
    assert [path.name for path in tmp_path.iterdir()] == ["seed.html"]
    [title] = page.by_class["title"]
    assert _words(" ".join([title, *page.paragraphs])) == _words(read.article.text)
    for at, day in enumerate(("10 October 2018", "15 October 2018", "31 December 2018"), start=1):
        assert day in page.texts[f"d{at}"]
        assert f"d{at}" in page.by_class
    for at, actor in enumerate(sorted(read.reading.actors, key=lambda actor: -len(actor.mentions)), start=1):
        assert actor.name in page.texts[f"a{at}"]
        drawn = {_words(words) for words in page.by_class[f"a{at}"]}
        assert {_words(mention.text) for mention in actor.mentions} <= drawn
