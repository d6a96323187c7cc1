"""An Elasticsearch of a test's own, with security on, that it may kill: started by ../shared/tools/start_es.py."""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

START_ES = Path(
    os.environ.get("PACTWATCH_START_ES", Path(__file__).parents[1].parent / "shared" / "tools" / "start_es.py")
)
FOLDER = Path(tempfile.gettempdir()) / "pactwatch-elasticsearch"
USER, PASSWORD = "admin", "pactwatch"  # what start_es.py sets
PATIENCE_SECONDS = 60


class OwnServer:
    """A server on a free port, with a small heap."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.pid = 0

    @property
    def url(self) -> str:
        """The store's URL, with the user's name and without the password."""
        return f"elasticsearch://{USER}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it answers; on a busy machine that takes longer than the tool waits at once."""
        said = self._do("start", "--heap", "768m", "--security", attempts=3)
        found = re.search(r"pid (\d+)", said)
        assert found, said
        self.pid = int(found[1])

    def kill(self) -> None:
        """Kills it at once (SIGKILL)."""
        os.kill(self.pid, signal.SIGKILL)
        limit = time.monotonic() + PATIENCE_SECONDS
        while _listens(self.port) and time.monotonic() < limit:
            pass

    def stop(self) -> None:
        """Stops it and removes its data."""
        self._do("stop")
        shutil.rmtree(FOLDER / f"run-{self.port}", ignore_errors=True)

    def _do(self, what: str, *options: str, attempts: int = 1) -> str:
        arguments = [sys.executable, str(START_ES), what, "--port", str(self.port), "--dir", str(FOLDER), *options]
        for _ in range(attempts):
            done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=900)
            if done.returncode == 0:
                return done.stdout
        raise AssertionError(done.stdout + done.stderr)


def _free_port() -> int:
    """Returns a port that is free, as is the one 100 above, on which the server talks to other nodes."""
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(21_000, 29_000)
        if not _listens(port) and not _listens(port + 100):
            return port


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Runs a server; skips the test where none can be started, and fails it in CI."""
    if not START_ES.is_file():
        assert "CI" not in os.environ, f"{START_ES} is missing in CI: these tests must run there"
        pytest.skip(f"{START_ES} is missing: it starts an Elasticsearch that a test may kill")
    server = OwnServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
