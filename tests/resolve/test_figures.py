import pytest

from transforms.resolve.figures import figures_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It will buy the mill for $4 billion.", "The deal is worth 4bn dollars."),
        ("The two will swap 1,027 prisoners.", "All 1027 captives are part of the swap."),
        ("A rise of 15 per cent was agreed.", "Pay goes up by 15%."),
    ],
)
def test_figure_is_one_however_it_is_written(one, other):
    assert figures_in([one]) == figures_in([other]) != ()


@pytest.mark.parametrize(
    "sentence",
    ["It was signed on 21 February 2002.", "The truce begins on March 20 at 21:30.", "The 9 ministers met in 2012."],
)
def test_days_years_hours_and_small_counts_are_no_figures(sentence):
    assert figures_in([sentence]) == ()
