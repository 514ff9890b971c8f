"""Ending in order: a service that was started along ends after the one that calls it.

On SIGTERM or Ctrl-C BentoML stops all processes of a composed system at once, so that an orchestrator with a job in
work would find its next service gone. Here the others go on until the orchestrator's process has ended.
"""

import contextlib
import os
import signal
import threading
from types import FrameType

import psutil

ENTRY = "orchestrator"
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def linger() -> None:
    """Put off the end of this process, asked for by a signal, until its orchestrator has ended.

    Call it on the main thread, once the server has put its own signal handlers in place.
    """
    entry = _entry()
    if entry is None:
        return
    own = {number: signal.getsignal(number) for number in SIGNALS}

    def put_off(number: int, frame: FrameType | None) -> None:
        for each, handler in own.items():
            signal.signal(each, handler)  # a second signal is not put off
        threading.Thread(target=_end_after, args=(entry, number), name="linger", daemon=True).start()

    for number in SIGNALS:
        signal.signal(number, put_off)


def _end_after(entry: psutil.Process, number: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        entry.wait()
    os.kill(os.getpid(), number)


def _entry() -> psutil.Process | None:
    """Find the orchestrator among the processes that have the same parent."""
    with contextlib.suppress(psutil.Error):
        for sibling in psutil.Process(os.getppid()).children():
            arguments = sibling.cmdline()
            if "--service-name" in arguments and arguments[arguments.index("--service-name") + 1] == ENTRY:
                return sibling
    return None
