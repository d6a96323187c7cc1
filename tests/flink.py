"""A real Flink for tests: the one that FLINK_JOB_ENDPOINT and FLINK_URL name, with workers of this environment."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "FLINK_JOB_ENDPOINT"
REST = os.environ.get("FLINK_URL", "http://127.0.0.1:18081").rstrip("/")
# Where ../shared/tools/start_flink.py keeps the cluster's process ids.
FOLDER = Path(os.environ.get("FLINK_DIR", Path(tempfile.gettempdir()) / "pactwatch-flink"))
PATIENCE_SECONDS = 300  # a job is deployed and loads a model, on a machine that may be busy


def job_endpoint() -> str:
    """Returns the Beam job server's address; skips the test where there is none, and fails it in CI."""
    address = os.environ.get(VARIABLE, "")
    if not address:
        assert "CI" not in os.environ, f"{VARIABLE} is not set in CI: these tests must run there"
        pytest.skip(f"{VARIABLE} is not set: it names a Beam job server of a running Flink")
    return address


def until(holds: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Waits until something holds."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, f"not within {seconds} s: {what}"
        threading.Event().wait(0.2)


def children(process: int) -> list[int]:
    """Returns the process ids of the children of a process that live."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(parent) == process and state != "Z":
                found.append(int(folder.name))
    return sorted(found)


class Pool:
    """A worker pool: it starts a Python process for each worker that Flink asks for."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.worker_pool", f"--service_port={self.port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def options(self) -> list[str]:
        """What follows `--` on the command line."""
        return [
            "--runner=PortableRunner",
            f"--job_endpoint={job_endpoint()}",
            "--environment_type=EXTERNAL",
            f"--environment_config=127.0.0.1:{self.port}",
            "--parallelism=2",
            "--sdk_worker_parallelism=2",
            "--checkpointing_interval=2000",
            "--state_backend=filesystem",
            f"--state_backend_storage_path={(FOLDER / 'checkpoints').as_uri()}",
        ]

    def workers(self) -> list[int]:
        """Returns the process ids of the workers that live."""
        return children(self._process.pid)

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def worker_pool() -> Iterator[Pool]:
    """Runs a worker pool and, at the end, ends it with all its workers and the jobs that were started meanwhile."""
    job_endpoint()
    before = set(jobs())
    pool = Pool()
    try:
        until(lambda: _listens(pool.port), "the worker pool listens")
        yield pool
    finally:
        for job in set(running_jobs()) - before:
            ask(f"/jobs/{job}?mode=cancel", method="PATCH")
        until(lambda: not set(running_jobs()) - before, "jobs are cancelled")
        pool.stop()


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def ask(path: str, body: dict[str, Any] | None = None, method: str | None = None) -> dict[str, Any]:
    """Asks Flink's REST interface."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(REST + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"{}")


def jobs() -> dict[str, str]:
    """Returns the states of all jobs, by id."""
    return {job["jid"]: job["state"] for job in ask("/jobs/overview")["jobs"]}


def running_jobs() -> list[str]:
    """Returns the jobs that are not over."""
    return [job for job, state in jobs().items() if state not in {"FINISHED", "CANCELED", "FAILED"}]


def stop_with_savepoint(job: str) -> str:
    """Stops a job and returns where its savepoint is."""
    request = ask(f"/jobs/{job}/stop", {"drain": False})["request-id"]
    told: dict[str, Any] = {}

    def is_complete() -> bool:
        told.update(ask(f"/jobs/{job}/savepoints/{request}"))
        return bool(told["status"]["id"] == "COMPLETED")

    until(is_complete, "the savepoint is complete")
    assert "location" in told["operation"], told
    return str(told["operation"]["location"])


class Part:
    """A process of the cluster that a test may kill: `taskmanager` or `jobserver`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._pid = FOLDER / f"{name}.pid"
        self._restarted: subprocess.Popen[bytes] | None = None

    def kill_and_restart(self) -> None:
        """Kills it at once (SIGKILL) and starts it again as it was started."""
        pid = int(self._pid.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
        os.kill(pid, signal.SIGKILL)
        if self._restarted is not None:
            self._restarted.wait()
        until(lambda: not Path(f"/proc/{pid}").exists(), f"the {self._name} is gone", 30)
        with (FOLDER / f"{self._name}.log").open("ab") as log:
            self._restarted = subprocess.Popen(
                command, cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._pid.write_text(str(self._restarted.pid))

    def leave(self) -> None:
        """Leaves it running: it is the cluster's, and goes on after the test."""
        if self._restarted is not None:
            self._restarted.returncode = 0  # else Python complains of a child that nobody waited for
