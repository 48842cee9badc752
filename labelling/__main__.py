"""The process: `python -m labelling` serves the label page until it is stopped."""

import ipaddress
import logging
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from labelling.app import create_app
from resume_assets.settings import load_settings

log = logging.getLogger("labelling")


def main(config: Annotated[Path | None, typer.Option(help="The settings file.")] = None) -> None:
    """Serve. No access log: nothing that a volunteer sends or asks for is written down."""
    settings = load_settings(config)
    host = settings.labelling.host
    https = settings.labelling.public_url.startswith("https:")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    if not https and not _is_loopback(host):
        log.warning(
            "labelling.host %s can be reached from other machines, without TLS: passwords and resumes can be read on "
            "their way. Put a proxy with TLS in front and set labelling.public_url (docs/labelling.md).",
            host,
        )
    uvicorn.run(
        create_app(settings),
        host=host,
        port=settings.services.label_port,
        access_log=False,
        log_level="warning",
        proxy_headers=https,  # only a proxy's word on who asks is taken, and only from this machine
        server_header=False,
        ws="none",
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    typer.run(main)
