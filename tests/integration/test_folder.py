"""A folder as users have them: good articles between files that are none."""

import csv
import gzip
import io
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.command import PACTWATCH, pactwatch

GOLD = Path(os.environ.get("PACTWATCH_GOLD", Path(__file__).parents[2].parent / "shared" / "gold"))
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108020000009077")
NOW = ("--now", "2024-03-01")

REASONS = {
    "empty.txt": "empty",
    "picture.png": "not supported",
    "broken.txt.gz": "gzip",
    "huge.txt": "oversized",
    "wire.jsonl#L2": "JSON",
    "wire.jsonl#L4": "text",
}

pytestmark = pytest.mark.integration


def _article(number: int) -> str:
    return json.dumps({"text": f"Minister {number} opens hospital\n\nThe hospital opened in Accra on Monday.\n"})


def _fill(folder: Path) -> None:
    """Writes four good articles and five things that are none."""
    folder.mkdir()
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.png").write_bytes(PNG)
    (folder / "broken.txt.gz").write_bytes(gzip.compress(b"A text that is cut off " * 200)[:40])
    (folder / "huge.txt").write_bytes(b"Fifty million bytes. \n" * 2_300_000)
    (folder / "utf16.txt").write_text("Élection in Ghana\n\nThe café reopened in Accra.\n", encoding="utf-16")
    lines = [_article(1), "{not json", _article(2), '{"title": "no text"}', _article(3)]
    (folder / "wire.jsonl").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, str]:
    folder = tmp_path / "folder"
    _fill(folder)
    return folder, f"sqlite:///{tmp_path / 'store.db'}"


def _json(*arguments: str) -> list[dict[str, object]]:
    return json.loads(pactwatch(*arguments, "--format", "json").stdout)


def test_good_articles_are_stored_and_every_bad_one_says_why(desk):
    folder, url = desk
    done = pactwatch("run", str(folder), "--store", url, *NOW)
    assert "6 new failures" in done.stdout
    assert len(_json("articles", "--store", url)) == 4
    failed = {Path(row["locator"]).name: row["error"] for row in _json("failures", "--store", url)}
    assert set(failed) == set(REASONS)
    for name, reason in REASONS.items():
        assert reason in failed[name], f"{name}: {failed[name]}"


def test_a_second_run_reports_the_same_failures_as_old(desk):
    folder, url = desk
    pactwatch("run", str(folder), "--store", url, *NOW)
    again = pactwatch("run", str(folder), "--store", url, *NOW).stdout
    assert "0 new failures, 6 failed again" in again
    assert len(_json("failures", "--store", url)) == 6


def test_replay_takes_in_what_was_mended(desk):
    folder, url = desk
    pactwatch("run", str(folder), "--store", url, *NOW)
    (folder / "empty.txt").write_text("Bridge reopens in Lomé\n\nThe bridge reopened on Monday.\n", encoding="utf-8")
    replayed = pactwatch("replay", "--store", url, *NOW).stdout
    assert "1 read" in replayed
    assert "1 failure settled" in replayed
    assert len(_json("articles", "--store", url)) == 5
    assert len(_json("failures", "--store", url)) == 5


def test_listings_are_valid_csv_and_jsonl(desk):
    folder, url = desk
    pactwatch("run", str(folder), "--store", url, *NOW)
    rows = list(csv.DictReader(io.StringIO(pactwatch("articles", "--store", url, "--format", "csv").stdout)))
    lines = pactwatch("articles", "--store", url, "--format", "jsonl").stdout.splitlines()
    assert [row["id"] for row in rows] == [json.loads(line)["id"] for line in lines]
    assert len(rows) == 4


@pytest.mark.gold
def test_gold_folder_with_bad_files_is_taken_in_whole(desk, tmp_path):
    if not GOLD.is_dir():
        assert "CI" not in os.environ, f"{GOLD} is missing in CI"
        pytest.skip(f"no gold articles at {GOLD}")
    folder, url = desk
    texts = sorted(GOLD.glob("*.txt"))
    for text in texts:
        shutil.copy(text, folder)
    pactwatch("run", str(folder), "--store", url, *NOW)
    assert len(_json("articles", "--store", url)) == len(texts) + 4
    assert len(_json("failures", "--store", url)) == 6


def test_the_command_under_test_is_the_installed_one():
    assert Path(PACTWATCH).is_file()
