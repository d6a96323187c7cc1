"""A run on Flink over two machines (two network namespaces), each with a TaskManager and Python workers of its own."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.command import canonical, pactwatch
from tests.elasticsearch import fresh_prefix
from tests.machines import two_machines
from tests.synthetic import write_articles

pytestmark = [pytest.mark.integration, pytest.mark.soak]

NOW = ("--now", "2024-03-01")
ARTICLES = 24


def _cpu_ticks(pool: int) -> int:
    """Returns the processor time that the workers of a pool have used, those that ended (after the job) included."""
    used = sum(map(int, _fields(pool)[13:15]))
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = _fields(int(folder.name))
            used += sum(map(int, fields[11:13])) if int(fields[1]) == pool else 0
    return used


def _fields(process: int) -> list[str]:
    """Returns what /proc tells of a process, from its state on."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


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
