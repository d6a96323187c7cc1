from hypothesis import given
from hypothesis import strategies as st

from pipeline.page.marks import Layer, Mark, nest, walk

TEXT = "Chad and Mali signed. By May 1, both must act.\nThen the Russian president spoke."


def _mark(start, end, layer=Layer.ACTOR, anchor="m"):
    return Mark(start=start, end=end, layer=layer, anchor=anchor)


def _paragraphs(ends):
    starts = [0, *ends[:-1]]
    return [_mark(start, end, Layer.PARAGRAPH, "") for start, end in zip(starts, ends, strict=True)]


def _drawn(pieces):
    """Writes nested marks as brackets."""
    return "".join(part if isinstance(part, str) else f"[{_drawn(part.inside)}]" for part in pieces)


def test_an_actor_and_a_date_lie_inside_their_sentence():
    marks = [_mark(22, 46, Layer.SENTENCE), _mark(22, 30, Layer.DATE), _mark(32, 36)]
    [paragraph] = nest("x" * 22 + TEXT[22:46], _paragraphs([46]), marks)
    assert _drawn(paragraph.inside) == "x" * 22 + "[[By May 1], [both] must act.]"


def test_a_mark_over_a_paragraphs_end_goes_on_in_the_next():
    first, second = nest("one two\nthree", _paragraphs([8, 13]), [_mark(4, 13, anchor="s")])
    assert (_drawn(first.inside), _drawn(second.inside)) == ("one [two\n]", "[three]")
    pieces = [*walk(first.inside), *walk(second.inside)]
    assert [(piece.first, piece.last) for piece in pieces] == [(True, False), (False, True)]


def test_of_equal_marks_the_sentence_is_outside():
    [paragraph] = nest("Chad", _paragraphs([4]), [_mark(0, 4), _mark(0, 4, Layer.SENTENCE)])
    assert [piece.mark.layer for piece in walk(paragraph.inside)] == [Layer.SENTENCE, Layer.ACTOR]


@st.composite
def _marked(draw):
    ends = sorted({*draw(st.sets(st.integers(1, len(TEXT) - 1), max_size=3)), len(TEXT)})
    spans = draw(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))), max_size=8))
    layers = st.sampled_from([Layer.SENTENCE, Layer.DATE, Layer.ACTOR])
    marks = [_mark(min(span), max(span), draw(layers), f"m{at}") for at, span in enumerate(spans)]
    return ends, marks


@given(_marked())
def test_any_marks_nest_and_hold_their_own_characters(marked):
    ends, marks = marked
    drawn = nest(TEXT, _paragraphs(ends), marks)
    assert "".join(piece.text() for piece in drawn) == TEXT
    for mark in marks:
        pieces = [piece for piece in walk(drawn) if piece.mark is mark]
        assert "".join(piece.text() for piece in pieces) == TEXT[mark.start : mark.end]
        if pieces:
            assert [piece.first for piece in pieces] == [True] + [False] * (len(pieces) - 1)
            assert [piece.last for piece in pieces] == [False] * (len(pieces) - 1) + [True]
