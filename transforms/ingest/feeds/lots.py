"""Hands answers from many threads to one, in lots: one by one each would cost a change of threads and a write."""

import threading
from collections.abc import Iterator

LARGEST = 32  # answers not yet taken, so that memory stays bounded
_PATIENCE_SECONDS = 0.05  # for the rest of a lot, once its first answer is there


class Lots[Answer]:
    """Answers on their way from the threads that ask to the one that stores.

    Args:
        givers: How many threads give answers; each says when it has no more.
        came: Set whenever there is something to take; with it nothing is waited for, and a lot may be empty.
    """

    def __init__(self, givers: int, came: threading.Event | None = None) -> None:
        self._givers = givers
        self._came = came
        self._answers: list[Answer] = []
        self._is_closed = False
        lock = threading.Lock()
        self._ready = threading.Condition(lock)
        self._room = threading.Condition(lock)

    def give(self, answer: Answer) -> None:
        """Hands over an answer; waits while too many are not yet taken."""
        with self._room:
            self._room.wait_for(lambda: len(self._answers) < LARGEST or self._is_closed)
            self._answers.append(answer)
            if len(self._answers) in (1, LARGEST):
                self._ready.notify()
        self._tell()

    def leave(self) -> None:
        """Ends one thread's giving."""
        with self._ready:
            self._givers -= 1
            self._ready.notify()
        self._tell()

    def close(self) -> None:
        """Lets givers that wait come to their end: nobody takes what they give."""
        with self._room:
            self._is_closed = True
            self._room.notify_all()

    def taken(self) -> Iterator[list[Answer]]:
        """Yields the answers, each once, until all givers have left."""
        is_over = False
        while not is_over:
            with self._ready:
                if self._came is None:
                    self._wait()
                lot, self._answers = self._answers, []
                is_over = not self._givers
                self._room.notify_all()
            if lot or is_over:
                self._tell()  # there may be more, or the end, after this lot
            yield lot

    def _wait(self) -> None:
        self._ready.wait_for(lambda: self._answers or not self._givers)
        self._ready.wait_for(lambda: len(self._answers) >= LARGEST or not self._givers, _PATIENCE_SECONDS)

    def _tell(self) -> None:
        if self._came is not None:
            self._came.set()
