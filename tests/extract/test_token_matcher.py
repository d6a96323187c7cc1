"""The fast matcher finds what spaCy's own finds, in news and in any text."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

from transforms.extract.model import load_trained
from transforms.extract.token_matcher import TokenMatcher, speed_up

WORDS = st.sampled_from(
    ["ai", "n't", "gon", "na", "Y'", "all", "nothin'", "Nothin'", "there", "is", "are", " ", "but", "be", "peace"]
)
TAGS = st.sampled_from(["VBP", "VBZ", "DT", "TO", "NN", "_SP", "EX", "CC", ""])
DEPS = st.sampled_from(["aux", "expl", "det", "nsubj", "advmod", "ROOT", ""])


@pytest.fixture(scope="module")
def trained() -> Language:
    return load_trained()


@pytest.fixture(scope="module")
def fast() -> Language:
    nlp = load_trained()
    speed_up(nlp)
    return nlp


def _told(nlp: Language, text: str) -> list[tuple[object, ...]]:
    return [(t.text, t.tag_, t.pos_, str(t.morph), t.lemma_, t.dep_, t.head.i, t.ent_type_) for t in nlp(text)]


def test_an_article_is_analysed_as_by_the_trained_pipeline(trained: Language, fast: Language) -> None:
    text = next((Path(__file__).parents[2] / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    assert _told(fast, text) == _told(trained, text)
    colloquial = "There ain't nothin' y'all gonna do. Let's say there's a pact; c'mon, they gotta sign it, but who?"
    assert _told(fast, colloquial) == _told(trained, colloquial)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.lists(st.tuples(WORDS, TAGS, DEPS), min_size=1, max_size=12))
def test_any_row_of_tokens_matches_the_same_patterns(
    trained: Language, fast: Language, tokens: list[tuple[str, str, str]]
) -> None:
    words, tags, deps = (list(column) for column in zip(*tokens, strict=True))
    found = []
    for nlp in (trained, fast):
        doc = Doc(nlp.vocab, words=words, tags=tags, deps=deps, heads=[0] * len(words))
        ruler = nlp.get_pipe("attribute_ruler")
        found.append(ruler.match(doc))  # type: ignore[attr-defined]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "pattern",
    [
        [{"LOWER": "pact", "OP": "+"}],
        [{"LOWER": {"NOT_IN": ["pact"]}, "TAG": "NN"}],
        [{"LENGTH": {">": 4}}, {"LOWER": "pact"}],
        [{"LOWER": {"REGEX": "^p"}}],
        [{"LOWER": {"REGEX": {"IN": ["^p"]}}}],
        [{"SHAPE": "xxxx"}],
        [{}, {"TAG": "NN"}],
    ],
)
def test_patterns_of_every_kind_match_the_same(trained: Language, pattern: list[dict[str, object]]) -> None:
    matcher = Matcher(trained.vocab)
    matcher.add("p", [pattern])
    doc = trained("Peace pact pact signed; parties praise the pact.")
    assert sorted(TokenMatcher(trained.vocab, matcher, ["p"])(doc)) == sorted(set(matcher(doc))) != []
