"""Tells a person what came of a run."""

import datetime

from pipeline.listings import ACTORS, AGREEMENTS, DEADLINES, FAILURES, Listing, rows
from pipeline.run import RunReport
from pipeline.tables import Row, clean, console, table
from transforms.ingest.feeds.records import Outcome
from transforms.store.protocol import Collection, Store

SHOWN_ROWS = 30  # of each kind: more than that is what listings are for


def _counts(report: RunReport, settled: int) -> str:
    taken = report.count("ingest/items_taken_in") + report.count("ingest/items_met_again")
    known = report.count("ingest/items_known") + report.count("dedupe/articles_known")
    parts = [
        f"{taken} taken in",
        f"{report.count('read/articles_read')} read",
        f"{report.count('dedupe/articles_copy')} copies",
        f"{known} known before",
        f"{report.count('failures/failures_new')} new failures",
    ]
    again = report.count("failures/failures_again")
    parts += [f"{again} failed again"] if again else []
    parts += [f"{_number(settled, 'failures')} settled"] if settled else []
    parts += [f"{report.pending} left pending"] if report.pending else []
    parts += [f"{report.waiting} waiting for their pages"] if report.waiting else []
    foreign = report.count("read/languages_unread")
    parts += [f"{foreign} in other languages, not read"] if foreign else []
    return f"Articles: {', '.join(parts)} ({report.seconds:.1f} s)"


def _feeds(report: RunReport) -> str | None:
    """Returns one line on the feeds polled, None where there were none."""
    counts = {outcome: report.count(f"poll/feeds_{outcome}") for outcome in Outcome}
    polled = sum(counts.values())
    if not polled:
        return None
    parts = [f"{polled} polled", f"{counts[Outcome.NEW]} with news", f"{counts[Outcome.FAILED]} failed"]
    pages = (("read", "read"), ("short", "short"), ("refused", "refused by robots.txt"), ("failed", "failed"))
    told = [f"{count} {words}" for name, words in pages if (count := report.count(f"page/pages_{name}"))]
    return f"Feeds: {', '.join(parts)}" + (f"; pages: {', '.join(told)}" if told else "")


def _new(store: Store, listing: Listing, run: str, today: datetime.date) -> tuple[list[Row], int]:
    return rows(store, listing, f"run:{run}", today, SHOWN_ROWS)


def _number(count: int, name: str) -> str:
    return f"{count} {name.removesuffix('s') if count == 1 else name}"


def _whole(store: Store) -> str:
    collections = (Collection.ARTICLES, Collection.AGREEMENTS, Collection.DEADLINES, Collection.ACTORS)
    held = ", ".join(_number(store.count(collection), collection.value) for collection in collections)
    failures = store.count(Collection.FAILURES)
    told = f", {_number(failures, 'failures')} (`pactwatch failures`)" if failures else ""
    return f"The store holds {held}{told}"


def print_report(store: Store, report: RunReport, today: datetime.date, settled: int = 0) -> None:
    """Prints what a run found for the first time, what failed, and what the store holds now.

    Args:
        store: Where the run wrote.
        report: What it counted.
        today: The day from which a deadline's phase counts.
        settled: How many earlier failures it settled.
    """
    out = console()

    def say(text: str) -> None:
        out.print(text, markup=False, highlight=False)

    feeds = _feeds(report)
    if feeds:
        say(feeds)
    say(_counts(report, settled))
    found = False
    for listing, name in ((AGREEMENTS, "agreements"), (DEADLINES, "deadlines"), (ACTORS, "actors")):
        new, total = _new(store, listing, report.run, today)
        if new:
            found = True
            say(f"\nNew {name}: {total}")
            out.print(table(listing.columns, new))
            if total > len(new):
                say(f"... and {total - len(new)} more: pactwatch search run:{report.run} --in {name} --limit 0")
    failures, failed = _new(store, FAILURES, report.run, today)
    if failures:
        say(f"\nNew failures: {failed} (the rest went on; `pactwatch replay` tries them again)")
        for failure in failures:
            say(f"  {clean(failure['locator'])}: {clean(failure['error'])}")
    if not found:
        say("Nothing new.")
    say(f"\n{_whole(store)}")
