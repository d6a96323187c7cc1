"""A run on Flink over two machines (two network namespaces), each with a TaskManager and Python workers of its own."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.command import canonical, pactwatch
from tests.elasticsearch import fresh_prefix
from tests.machines import two_machines
from tests.synthetic import write_articles

pytestmark = [pytest.mark.integration, pytest.mark.soak]

NOW = ("--now", "2024-03-01")
ARTICLES = 40


def _cpu_ticks(parent: int) -> int:
    """Returns the processor time that the children of a process have used."""
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = stat.read_text().rpartition(")")[2].split()
        if int(fields[1]) == parent:
            used += int(fields[11]) + int(fields[12])
    return used


def test_run_on_two_machines_ends_like_one_here(tmp_path):
    wire = str(write_articles(tmp_path / "wire", ARTICLES))
    here = f"sqlite:///{tmp_path / 'store.db'}"
    pactwatch("run", wire, "--store", here, *NOW)
    (tmp_path / "cluster").mkdir()
    with fresh_prefix("machines") as url:
        server = urlsplit(url)
        with two_machines(tmp_path / "cluster", server.port or 9200) as machines:
            there = f"{machines.store_server}{server.path}"
            pactwatch("run", wire, "--store", there, *NOW, "--", *machines.options)
            assert all(_cpu_ticks(pool) > 100 for pool in machines.pools.values())  # both had a share of the work
        assert canonical(url) == canonical(here)
