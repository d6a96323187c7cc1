"""What the components of Pactwatch cost beside the trained spaCy pipeline they stand on, on the same texts in one run.

Each round reads all texts in batches, as a run does, first through the trained components and then through ours, so
that both see the same machine; processor time counts, and the median round. Run it by `make bench`.
"""

import argparse
import datetime
import sys
import time
from collections import Counter
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from tests.benchmarks.end_to_end import GOLD, shuffled_texts
from transforms.extract.model import load_reader, load_trained, prepare
from transforms.extract.truecase import truecase

OURS = "pactwatch_"
TOKENS, CASE = "tokenizer", OURS + "truecase"  # what `prepare` does: spaCy's own work, and ours
BATCH = 16
ROUNDS = 5
TEXTS = 40
PUBLISHED = datetime.date(2018, 9, 17)
AIM = 0.20


def whole_articles() -> list[str]:
    """Returns the gold articles (or the seed where gold is not)."""
    folder = GOLD if GOLD.is_dir() else Path(__file__).parents[2] / "seeds"
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]


def _prepared(nlp: Language, texts: list[str], seconds: Counter[str]) -> list[Doc]:
    began = time.process_time()
    written = [truecase(nlp, text) for text in texts]
    between = time.process_time()
    docs = [prepare(nlp, text, "a", PUBLISHED) for text in written]  # writing it twice changes nothing
    ended = time.process_time()
    seconds[CASE] += between - began
    seconds[TOKENS] += max(0.0, (ended - between) - (between - began))
    return docs


def time_components(nlp: Language, texts: list[str]) -> Counter[str]:
    """Returns the seconds of processor time that each component of a pipeline takes for the texts."""
    seconds: Counter[str] = Counter()
    for start in range(0, len(texts), BATCH):
        docs = _prepared(nlp, texts[start : start + BATCH], seconds)
        for name, component in nlp.pipeline:
            began = time.process_time()
            batched = hasattr(component, "pipe")
            docs = list(component.pipe(docs, batch_size=BATCH)) if batched else [component(doc) for doc in docs]
            seconds[name] += time.process_time() - began
    return seconds


def _trained(seconds: Counter[str]) -> float:
    return sum(spent for name, spent in seconds.items() if not name.startswith(OURS))


def _ours(seconds: Counter[str]) -> float:
    return sum(spent for name, spent in seconds.items() if name.startswith(OURS))


def _plain_seconds(plain: Language, texts: list[str]) -> float:
    began = time.process_time()
    for _ in plain.pipe(texts, batch_size=BATCH):
        pass
    return time.process_time() - began


def _report(name: str, texts: list[str], nlp: Language, plain: Language) -> None:
    time_components(nlp, texts)  # words met for the first time cost more, in spaCy and here
    rounds = [(time_components(nlp, texts), _plain_seconds(plain, texts)) for _ in range(ROUNDS)]
    rounds.sort(key=lambda measured: _ours(measured[0]) / measured[1])
    seconds, alone = rounds[ROUNDS // 2]
    sys.stdout.write(f"{name}: {len(texts)} texts, {sum(map(len, texts)):,} characters\n")
    for part, spent in seconds.items():
        sys.stdout.write(f"  {part:24} {spent * 1000:6.0f} ms, {spent / alone:6.1%} of the trained pipeline\n")
    shares = ", ".join(f"{_ours(parts) / spent:.1%}" for parts, spent in rounds)
    sys.stdout.write(f"  ours / trained pipeline: {_ours(seconds) / alone:.1%} (rounds: {shares}; aim: {AIM:.0%})\n")
    whole = (_ours(seconds) + _trained(seconds)) / alone
    sys.stdout.write(f"  all of reading / trained pipeline (plain nlp.pipe, {alone * 1000:.0f} ms): {whole:.2f}\n")


def main() -> None:
    """Measures whole articles and longer ones of shuffled sentences, and prints what each component takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=TEXTS)
    given = parser.parse_args()
    nlp, plain = load_reader(), load_trained()
    _report("whole articles", whole_articles(), nlp, plain)
    _report("shuffled sentences", shuffled_texts(given.texts), nlp, plain)


if __name__ == "__main__":
    main()
