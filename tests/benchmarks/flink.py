"""Flink with two workers against the DirectRunner with two processes; and a stream's latency and checkpoints.

    python -m tests.benchmarks.flink throughput [--articles 300]   # the same articles, in turns, on the same machine
    python -m tests.benchmarks.flink latency [--minutes 10]        # 30 feeds, polled every 10 s

Both want ELASTICSEARCH_URL and FLINK_JOB_ENDPOINT, as the integration tests do. Run them on an idle machine.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.end_to_end import shuffled_texts, write_texts
from tests.command import PACTWATCH, canonical, pactwatch
from tests.elasticsearch import fresh_prefix
from tests.flink import ask, running_jobs, until, worker_pool
from tests.integration.feed_server import feed_server
from tests.integration.newsroom import Newsroom, desk
from tests.receivers import hook
from transforms.store.open import open_store
from transforms.store.protocol import Collection

ARTICLES = 300
AIM = 0.8
FEEDS = 30
INTERVAL_SECONDS = 10
TICK_SECONDS = 1.0
LATE_SECONDS = 5.0
NOW = ("--now", "2024-03-01")
DIRECT = ["--direct_num_workers=2", "--direct_running_mode=multi_processing"]


def _timed(folder: str, url: str, options: list[str]) -> float:
    began = time.perf_counter()
    pactwatch("run", folder, "--store", url, *NOW, "--", *options)
    return time.perf_counter() - began


def throughput(articles: int) -> None:
    """Runs the same articles once on each, both writing to Elasticsearch, and prints seconds and their ratio.

    What starting costs (a job is deployed, a model loaded) is measured with one article and taken off on both sides.
    """
    with tempfile.TemporaryDirectory() as folder, worker_pool() as pool:
        one, all_ = Path(folder, "one"), Path(folder, "all")
        for into, texts in ((one, shuffled_texts(1)), (all_, shuffled_texts(articles))):
            into.mkdir()
            write_texts(into, texts)
        seconds, contents = {}, {}
        # One TaskManager with two slots would otherwise pin both readers to one of its two Python processes.
        balanced = [*(o for o in pool.options if "checkpoint" not in o), "--load_balance_bundles"]
        for name, options in (("flink", balanced), ("direct", DIRECT)):
            with fresh_prefix("bench") as url:
                start = _timed(str(one), url, options)
            with fresh_prefix("bench") as url:
                whole = _timed(str(all_), url, options)
                contents[name] = canonical(url)
            seconds[name] = whole - start
            sys.stdout.write(f"{name:7} {whole:.1f} s, of which starting {start:.1f} s: ")
            sys.stdout.write(f"{(articles - 1) / seconds[name]:.2f} articles/s\n")
    same = "the same" if contents["flink"] == contents["direct"] else "DIFFERENT"
    sys.stdout.write(f"flink / direct: {seconds['direct'] / seconds['flink']:.2f} (aim: at least {AIM}); ")
    sys.stdout.write(f"contents: {same}\n")


def _checkpoints(job: str) -> dict[str, float]:
    told = ask(f"/jobs/{job}/checkpoints")
    latest = told["latest"]["completed"] or {"state_size": 0, "end_to_end_duration": 0}
    return {
        "completed": told["counts"]["completed"],
        "failed": told["counts"]["failed"],
        "bytes": latest["state_size"],
        "milliseconds": latest["end_to_end_duration"],
    }


def latency(minutes: float, pause_seconds: float) -> None:
    """Publishes articles in feeds and prints after how long the first alert on each arrived, and checkpoint sizes."""
    arrived: dict[str, float] = {}
    published: dict[str, float] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_prefix("latency") as url,
        worker_pool() as pool,
        feed_server() as server,
        hook() as receiver,
    ):
        newsroom = Newsroom(server)
        feeds = [newsroom.publish(feed) for feed in range(FEEDS)]
        at = desk(Path(folder), url, receiver.url, feeds, INTERVAL_SECONDS)
        command = [PACTWATCH, "run", "--stream", "--poll-seconds", str(TICK_SECONDS), "--", *pool.options]
        process = subprocess.Popen(command, cwd=at, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(lambda: len(set(receiver.ids)) >= FEEDS, "the first alerts come")
            [job] = running_jobs()
            began = told = time.monotonic()
            seen = len(receiver.requests)
            while (now := time.monotonic()) - began < minutes * 60 or published.keys() - arrived.keys():
                if now - began > minutes * 60 + 120:
                    break
                if now - began < minutes * 60:
                    newsroom.publish(len(newsroom.published) % FEEDS)
                    published[newsroom.published[-1]] = time.monotonic()
                limit = time.monotonic() + pause_seconds
                while time.monotonic() < limit:
                    for _, body in receiver.requests[seen:]:
                        for alert in json.loads(body)["alerts"]:
                            arrived.setdefault(alert["link"], time.monotonic())
                        seen += 1
                    time.sleep(0.05)
                if now - told >= 60:
                    told = now
                    sys.stdout.write(f"{now - began:6.0f} s: {len(arrived)} alerts, checkpoint {_checkpoints(job)}\n")
                    sys.stdout.flush()
            store = open_store(url)
            done = store.count(Collection.ITEMS, {"state": "done"})
            store.close()
        finally:
            process.terminate()
            process.wait()
    took = sorted(arrived[link] - moment for link, moment in published.items() if link in arrived)
    p95 = statistics.quantiles(took, n=20)[-1]
    sys.stdout.write(f"{len(published)} published, {len(took)} told, {done} items done; ")
    sys.stdout.write(f"latency p50 {statistics.median(took):.1f} s, p95 {p95:.1f} s, longest {took[-1]:.1f} s ")
    sys.stdout.write(f"(aim: p95 at most {INTERVAL_SECONDS + LATE_SECONDS:.0f} s)\n")


def main() -> None:
    """Measures what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["throughput", "latency"])
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pause-seconds", type=float, default=2, help="between two articles of the latency run")
    given = parser.parse_args()
    if given.what == "throughput":
        throughput(given.articles)
    else:
        latency(given.minutes, given.pause_seconds)


if __name__ == "__main__":
    main()
