"""End to end against plain spaCy on the same texts in the same run: articles a second, as a ratio, and peak memory.

The baseline is what `nlp.pipe` of the trained pipeline alone does with the texts; ours also takes the files in, reads
agreements, actors and deadlines, resolves, indexes and marks done. Each side runs in a process of its own, in turns, so
that neither warms the other and both see the same machine. Run it by `make bench`.
"""

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOLD = Path(os.environ.get("PACTWATCH_GOLD", Path(__file__).parents[2].parent / "shared" / "gold"))
ARTICLES = 300
SENTENCES_EACH = 40  # about 1,000 words, a long wire article
ROUNDS = 3
SEED = 20180917
WARMING = 5  # texts that each side reads before it is timed: what is loaded once is no part of a rate


def shuffled_texts(count: int) -> list[str]:
    """Returns texts of sentences drawn from the gold articles, no two alike (or from the seed where gold is not)."""
    folder = GOLD if GOLD.is_dir() else Path(__file__).parents[2] / "seeds"
    whole = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    sentences = [sentence.strip() for sentence in re.split(r"(?<=[.!?”])\s+", whole) if len(sentence.split()) > 4]
    chance = random.Random(SEED)
    return [" ".join(chance.sample(sentences, min(SENTENCES_EACH, len(sentences)))) for _ in range(count)]


def write_texts(folder: Path, texts: list[str]) -> None:
    """Writes each text into a file of its own, with a headline."""
    for number, text in enumerate(texts):
        (folder / f"{number:04}.txt").write_text(f"Report {number}\n\n{text}\n", encoding="utf-8")


def _baseline(folder: Path) -> float:
    from transforms.extract.model import load_trained

    nlp = load_trained()
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    list(nlp.pipe(texts[:WARMING]))
    began = time.perf_counter()
    for _ in nlp.pipe(texts):
        pass
    return time.perf_counter() - began


def _pactwatch(folder: Path) -> float:
    import datetime

    from pipeline.run import make_plan, run_once
    from pipeline.settings import load_settings

    now = datetime.datetime.now(datetime.UTC)
    with tempfile.TemporaryDirectory() as store:
        warming = load_settings(flags={"store": {"url": f"sqlite:///{store}/warming.db"}})
        first = [str(path) for path in sorted(folder.glob("*.txt"))[:WARMING]]
        run_once(make_plan(warming, first, now), [], lambda done, total: None)
        settings = load_settings(flags={"store": {"url": f"sqlite:///{store}/store.db"}})
        plan = make_plan(settings, [str(folder)], now)
        began = time.perf_counter()
        report = run_once(plan, [], lambda done, total: None)
        seconds = time.perf_counter() - began
    # One may be read twice: that whose role changes while it is on its way.
    if report.pending or report.count("read/articles_read") < len(list(folder.glob("*.txt"))):
        raise SystemExit(f"not all articles were read: {dict(report.counters)}")
    return seconds


def _child(side: str, folder: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.end_to_end", "--side", side, "--folder", folder],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measures both sides in each round and prints the round of the median ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", choices=["baseline", "pactwatch"])
    parser.add_argument("--folder")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    given = parser.parse_args()
    if given.side:
        seconds = {"baseline": _baseline, "pactwatch": _pactwatch}[given.side](Path(given.folder))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak}) + "\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        write_texts(Path(folder), shuffled_texts(given.articles))
        rounds = [{side: _child(side, folder) for side in ("baseline", "pactwatch")} for _ in range(ROUNDS)]
    rounds.sort(key=lambda sides: sides["baseline"]["seconds"] / sides["pactwatch"]["seconds"])
    ratios = [sides["baseline"]["seconds"] / sides["pactwatch"]["seconds"] for sides in rounds]
    for side, name in (("baseline", "nlp.pipe alone"), ("pactwatch", "end to end")):
        middle = rounds[ROUNDS // 2][side]
        rate = given.articles / middle["seconds"]
        sys.stdout.write(f"{name:15} {rate:6.2f} articles/s, peak {middle['peak_mb']:.0f} MB\n")
    told = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    sys.stdout.write(f"end to end / nlp.pipe alone: {ratios[ROUNDS // 2]:.2f} (rounds: {told}; aim: at least 0.90)\n")


if __name__ == "__main__":
    main()
