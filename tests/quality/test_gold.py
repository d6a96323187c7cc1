"""The gate on whole articles, real (../shared/gold) and invented: the figures may only rise."""

import os
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipeline.evaluate import read_all, score
from pipeline.gold import read_gold
from transforms.extract.model import load_reader

FLOORS = Path(__file__).with_name("floors.yaml")
INVENTED = sorted(file.parent for file in Path(__file__).parent.glob("invented/*/gold.yaml"))
BESIDE_CHECKOUT = Path(__file__).parents[2].parent / "shared" / "gold"


@pytest.mark.gold
def test_gold_stays_above_its_floors() -> None:
    folder = Path(os.environ.get("PACTWATCH_GOLD") or BESIDE_CHECKOUT)
    if not (folder / "gold.yaml").is_file():
        if os.environ.get("CI"):
            pytest.fail("no gold folder beside the checkout or in $PACTWATCH_GOLD; CI needs it")
        pytest.skip("no gold folder beside the checkout or in $PACTWATCH_GOLD")
    _check(folder, "gold")


@pytest.mark.parametrize("folder", INVENTED, ids=lambda folder: folder.name)
def test_invented_articles_stay_above_their_floors(folder: Path) -> None:
    _check(folder, folder.name)


def _check(folder: Path, floors: str) -> None:
    gold = read_gold(folder)
    report = score(gold, read_all(gold, load_reader()))
    figures = report.to_json()
    low = [
        f"{name}: {_figure(figures, name):.4f}, floor {floor}"
        for name, floor in YAML(typ="safe").load(FLOORS.read_text(encoding="utf-8"))[floors].items()
        if _figure(figures, name) < floor
    ]
    assert not low, "\n".join([*low, "", *report.lines()])


def _figure(figures: dict[str, Any], name: str) -> float:
    """Returns a figure by its path in the report's JSON ("deadlines.f1")."""
    value: Any = figures
    for key in name.split("."):
        value = value[key]
    return float(value)
