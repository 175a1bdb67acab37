"""Runs one command and ends it when whoever asked for it is gone: nothing outlives a kill -9.

Started as a script of its own: `python -I -S supervise.py COMMAND ...`. Standard input is a pipe that nobody writes to;
the operating system closes it when the other end dies, however it dies. Standard output gets one line, the process id
of the command; what the command prints goes to standard error. Ends with the command's own exit status. Imports the
standard library alone, so that it starts at once and works without an environment.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import sys

SECONDS_FOR_A_CLEAN_END = 60.0
PR_SET_PDEATHSIG = 1


def main(command: list[str]) -> int:
    """Run the command until it ends, or until standard input closes or a signal asks for the end."""
    wake_up, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for heard in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(heard, _nothing)  # the wake-up pipe tells which
    child = subprocess.Popen(  # noqa: S603  the command is ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=_die_with_the_supervisor,  # noqa: PLW1509
    )
    print(child.pid, flush=True)
    with selectors.DefaultSelector() as events:
        events.register(wake_up, selectors.EVENT_READ)
        events.register(sys.stdin.fileno(), selectors.EVENT_READ)
        while child.poll() is None:
            if any(_asks_for_the_end(key.fd, wake_up) for key, _ in events.select()):
                return _end(child)
    return child.returncode


def _asks_for_the_end(ready: int, wake_up: int) -> bool:
    told = os.read(ready, 64)
    return bool(set(told) - {signal.SIGCHLD}) if ready == wake_up else not told


def _end(child: "subprocess.Popen[bytes]") -> int:
    child.terminate()
    try:
        return child.wait(SECONDS_FOR_A_CLEAN_END)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def _die_with_the_supervisor() -> None:
    """Where the kernel can (Linux): a supervisor that is itself killed takes the command along."""
    if sys.platform == "linux":
        # The signal comes when the forking *thread* ends; the supervisor has this one thread.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _nothing(*_: object) -> None: ...


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
