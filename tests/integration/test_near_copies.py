"""Wire copies with edits: one story however the runs went, with everything that a copy adds."""

import json
import random
from pathlib import Path

import pytest

from tests.command import canonical, pactwatch, start
from tests.dedupe.edits import headline, insert
from tests.integration.test_restarts import NOW, _done, _kill_after
from tests.synthetic import articles

pytestmark = [pytest.mark.integration, pytest.mark.soak]  # eight runs, some of them killed

_FOLLOWING = (
    "Fishermen on both shores had asked for clear rules since the cold winter, and the harbour masters welcomed them.",
    "The opposition in both capitals complained that nobody had seen the annexes, which run to many pages.",
    "Hotels along the lake were full of delegates, and the ferries ran late into the evening.",
    "A choir sang on the steps of the town hall while the ministers shook hands in the rain.",
)


def _write(folder: Path) -> list[Path]:
    """Writes six reports, four copies of each, and one copy more that adds a deadline."""
    folder.mkdir()
    chance = random.Random(2)
    files = []
    for number, report in enumerate(articles(6)):
        text = "\n\n".join([report["text"], *_FOLLOWING[: 2 + number % 3]])
        texts = [text, headline(text, chance), insert(text, chance), text]
        if number == 0:
            texts.append(f"{text}\n\nBoth countries must open a joint office in Kigali by December 24.")
        for copy, edited in enumerate(texts):
            record = {**report, "text": edited, "url": f"https://wire{copy}.example/{number}"}
            record["published"] = f"2024-02-{10 + copy}"
            files.append(folder / f"{number}-{copy}.json")
            files[-1].write_text(json.dumps(record), encoding="utf-8")
    return files


def test_near_copies_end_the_same_after_kills_and_with_two_runs_at_once(tmp_path):
    folder = tmp_path / "wire"
    files = _write(folder)
    whole, killed, both = (f"sqlite:///{tmp_path / name}.db" for name in ("whole", "killed", "both"))
    pactwatch("run", str(folder), "--store", whole, *NOW)
    rows = json.loads(pactwatch("articles", "--store", whole, "--limit", "0", "--format", "json").stdout)
    assert len({row["story"] for row in rows}) == 6
    assert sum(row["duplicate_of"] is None for row in rows) == 6
    assert [row["url"] for row in rows if row["adds"] and row["url"].endswith("//wire4.example/0")]

    for part in (files[12:], files[:6]):
        pactwatch("run", *map(str, part), "--store", killed, *NOW)
    _kill_after(folder, killed, 1)
    pactwatch("run", str(folder), "--store", killed, *NOW)
    assert _done(killed) == len(files)
    assert canonical(killed) == canonical(whole)

    processes = [start("run", *map(str, part), "--store", both, *NOW) for part in (files, files[::-1])]
    for process in processes:
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output
    pactwatch("run", "--store", both, str(folder), *NOW)
    assert canonical(both) == canonical(whole)
