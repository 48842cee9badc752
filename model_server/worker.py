"""Work in the background: a thread that does one task after the other."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

_logger = logging.getLogger(__name__)

Task = Callable[[str], Any]


class Worker:
    """Does tasks in the order given. The thread ends with the process, in the middle of a task if need be."""

    def __init__(self, name: str) -> None:
        self._tasks: queue.SimpleQueue[tuple[Task, str]] = queue.SimpleQueue()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def do(self, task: Task, object_id: str) -> None:
        """Have `task(object_id)` done when its turn comes. What it raises is logged."""
        self._tasks.put((task, object_id))

    def _work(self) -> None:
        while True:
            task, object_id = self._tasks.get()
            try:
                task(object_id)
            except Exception:
                _logger.exception("%s: work on %s failed", threading.current_thread().name, object_id)
