"""`pabot web`: gunicorn without an ini file. Every worker builds its own parts, after the fork."""

from typing import Any

from gunicorn.app.base import BaseApplication

from pabot.app import build, wsgi
from pabot.settings import Settings
from pabot.store.diagnosis_building import Building

THREADS = 16


class Served(BaseApplication):  # type: ignore[misc]
    """The application that gunicorn serves."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings = settings
        self._workers = workers
        self._building: Building | None = None
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
            "worker_exit": lambda arbiter, worker: self._stop_building(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        pabot = build(self._settings)
        self._building = Building(pabot.diagnoses.path)
        self._building.start()
        return wsgi(pabot)

    def _stop_building(self) -> None:
        if self._building:
            self._building.stop()
