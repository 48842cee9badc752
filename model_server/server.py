"""The process: listen, say where, serve until told to stop, and stop at once.

Everything about sockets, signals and uvicorn is here; nothing about the API.
"""

import errno
import logging
import os
import signal
import socket

import uvicorn
from fastapi import FastAPI

from model_server.fault_injector import FaultInjector

# Longer than any client keeps an idle connection, so that it is never closed under a request on its way.
KEEP_ALIVE_SECONDS = 75

# What requests on their way get to finish once the server is told to stop.
GRACE_SECONDS = 0.3


def listen(host: str, port: int) -> socket.socket:
    """A listening socket (port 0: any free one). Raises OSError with a text for people where that cannot be."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except socket.gaierror as error:
        raise OSError(f"no such host: {host}") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise OSError(f"port {port} on {host} is in use; stop what uses it, or choose another --port") from error
        raise OSError(f"cannot listen on port {port} of {host}: {os.strerror(error.errno or 0)}") from error


def serve(app: FastAPI, listener: socket.socket, greeting: str, faults: FaultInjector | None, access_log: bool) -> None:
    """Serve `app` until SIGINT or SIGTERM, then return; prints `greeting` once requests are answered."""
    config = uvicorn.Config(
        app,
        access_log=access_log,
        lifespan="off",
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ws="none",
    )
    config.timeout_graceful_shutdown = GRACE_SECONDS  # type: ignore[assignment]  # any number of seconds will do
    if access_log:
        logging.getLogger("uvicorn.access").setLevel(logging.INFO)
    # uvicorn raises the signal once more after a clean stop, which would end us with a signal instead of status 0.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    server = _Server(config, greeting, faults)
    app.state.connections = server.server_state.connections  # faults cut some
    server.run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, greeting: str, faults: FaultInjector | None) -> None:
        super().__init__(config)
        self._greeting = greeting
        self._faults = faults

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._greeting, flush=True)  # noqa: T201  # the one line that a user sees

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._faults is not None:
            self._faults.stopping.set()
        await super().shutdown(sockets)
