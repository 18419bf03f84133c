"""The real program in a process of its own, driven from outside as an operator would."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

READY = re.compile(r"the page is at (http://\S+)")
START_LIMIT = 80.0


class Program:
    """`photoplay run` on a data folder; a context manager that leaves no process behind."""

    def __init__(
        self,
        data_dir: Path,
        *,
        settings: Mapping[str, str] | None = None,
        port: int = 0,
        behind: Sequence[str] = (),
    ) -> None:
        """`behind`: a program that becomes this one."""
        self.data_dir = data_dir
        self.url = ""
        self._settings = dict(settings or {})
        self._port = port
        self._behind = behind
        self._lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Program:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self.stop()
        self._close()

    def start(self) -> None:
        """Return once the program says where its page is."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PHOTOPLAY_")}
        command = [sys.executable, "-m", "bot", "run", "--data-dir", str(self.data_dir)]
        self._process = subprocess.Popen(
            [*self._behind, *command, "--port", str(self._port)],
            env={**inherited, **self._settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.url = ""
        self._listener = threading.Thread(target=self._listen, args=(self._process,), daemon=True)
        self._listener.start()
        due = time.monotonic() + START_LIMIT
        while not self.url:
            if self._process.poll() is not None or time.monotonic() > due:
                self.kill()  # nobody else would: what does not begin as a context has no end
                raise AssertionError(f"it did not start: {self.log}")
            time.sleep(0.01)

    def start_again(self, port: int) -> None:
        """On the same data, at an address that somebody knows."""
        self._port = port
        self.start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.append(line)
            if found := READY.search(line):
                self.url = found[1]

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything the program has printed, of all its starts."""
        return "".join(self._lines)

    def kill(self) -> None:
        """kill -9: no farewell, as in a power cut."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, as a service manager does; the exit code."""
        return self._end(signal.SIGTERM)

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self, seconds: float = 60) -> int:
        assert self._process is not None
        return self._process.wait(seconds)

    def _end(self, number: signal.Signals) -> int:
        self.send(number)
        code = self.wait()
        self._close()
        return code

    def _close(self) -> None:
        self._listener.join()
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.stdout.close()
