"""`pabot web`: gunicorn without an ini file. Every worker builds its own parts, after the fork."""

from typing import Any

from gunicorn.app.base import BaseApplication

from pabot.app import build, wsgi
from pabot.settings import Settings

THREADS = 16


class Served(BaseApplication):  # type: ignore[misc]
    """The application that gunicorn serves."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings = settings
        self._workers = workers
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": self._settings.address,
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 30,
            "graceful_timeout": 10,
            "errorlog": "-",
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return wsgi(build(self._settings))
