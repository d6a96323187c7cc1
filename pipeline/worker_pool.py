"""A pool of Python workers beside a TaskManager: `python -m pipeline.worker_pool --service_port=50000`.

It starts the workers that Flink asks for, as Beam's own pool does, and starts those anew that die: Beam's Flink runner
(2.62) waits without end for a worker that dies before it has reported. One that had reported is given up by the runner,
which then says so here.
"""

import argparse
import logging
import signal
import socket
import subprocess
import sys
import threading
from typing import Any
from urllib.parse import urlsplit

import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc
from apache_beam.utils import thread_pool_executor

_PAUSE_SECONDS = 1.0  # before a worker is started anew, which may die again at once
_PATIENCE_SECONDS = 10.0  # for a worker that is asked to end, and for a TaskManager to answer
_WORKER = """
import sys
from apache_beam.runners.worker.sdk_worker import SdkHarness
SdkHarness(sys.argv[1], worker_id=sys.argv[2], state_cache_size=0, data_buffer_time_limit_ms=-1).run()
"""

_log = logging.getLogger("pactwatch.worker_pool")


def is_reachable(address: str) -> bool:
    """Returns whether somebody listens at HOST:PORT; a TaskManager that is gone does not."""
    parts = urlsplit(f"//{address}")
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=_PATIENCE_SECONDS):
            return True
    except OSError:
        return False


class _Worker:
    """One worker that Flink asked for: a process, or the next one after it."""

    def __init__(self, control: str, name: str) -> None:
        self._control = control
        self._name = name
        self._stopped = threading.Event()
        self._process = self._start()
        threading.Thread(target=self._attend, name=f"worker {name}", daemon=True).start()

    def stop(self) -> None:
        """Ends it for good."""
        self._stopped.set()
        _end(self._process)

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", _WORKER, self._control, self._name])  # noqa: S603 (ours)

    def _attend(self) -> None:
        while True:
            code = self._process.wait()
            # Without an error it ends when the TaskManager takes leave of it.
            if code == 0 or self._stopped.wait(_PAUSE_SECONDS) or not is_reachable(self._control):
                return
            _log.warning("worker %s ended with %s: started anew", self._name, code)
            self._process = self._start()
            if self._stopped.is_set():
                _end(self._process)
                return


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


class WorkerPool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """What Flink's TaskManager asks for workers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: dict[str, _Worker] = {}

    def StartWorker(self, request: Any, _: Any) -> Any:  # noqa: N802 (Beam's name)
        """Starts a worker."""
        with self._lock:
            name = request.worker_id
            self._workers[name] = _Worker(request.control_endpoint.url, name)
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(self, request: Any, _: Any) -> Any:  # noqa: N802 (Beam's name)
        """Ends a worker, if there is one of that name."""
        with self._lock:
            worker = self._workers.pop(request.worker_id, None)
        if worker is not None:
            worker.stop()
        return beam_fn_api_pb2.StopWorkerResponse()

    def stop(self) -> None:
        """Ends all workers."""
        with self._lock:
            workers, self._workers = list(self._workers.values()), {}
        for worker in workers:
            worker.stop()


def serve(port: int, stopped: threading.Event) -> None:
    """Serves a pool until it is told to stop.

    Args:
        port: Where the TaskManager, on the same machine or in the same network namespace, finds it.
        stopped: Set to end it.
    """
    options = [("grpc.http2.max_pings_without_data", 0), ("grpc.http2.max_ping_strikes", 0)]
    server = grpc.server(thread_pool_executor.shared_unbounded_instance(), options=options)
    pool = WorkerPool()
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    server.add_insecure_port(f"[::]:{port}")
    server.start()
    _log.info("listening for TaskManagers on port %d", port)
    stopped.wait()
    server.stop(0)
    pool.stop()


def main() -> None:
    """Serves a pool until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.worker_pool", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--service_port", type=int, required=True, help="where TaskManagers find it")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    serve(given.service_port, stopped)


if __name__ == "__main__":
    main()
