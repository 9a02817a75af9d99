"""`smsearch serve`: the endpoint, for clients of SageMaker that run on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smsearch.cli import exit_codes
from smsearch.cli.arguments import needed
from smsearch.cli.options import EngineVerb
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import option, positionals, whole
from smsearch.errors import ServerError

if TYPE_CHECKING:
    from types import ModuleType

    from smsearch.service import FreshService, Service


def _minutes(text: str) -> float:
    """A number of minutes, 0 or more."""
    try:
        minutes = float(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a number") from None
    if not minutes >= 0:
        raise UsageError(f"{text} is not 0 or more")
    return minutes


class ServeVerb(EngineVerb):
    """Serves SageMaker's read-only operations until it is interrupted, and prints what clients must export.

    A store that changes meanwhile is served as it is then; listings that have begun go on over the records as they
    were. It listens on this machine only, unless --host says otherwise: whoever reaches it may read every record.
    """

    sources: tuple[str, ...] = positionals("SOURCE...")
    host: str = option("--host ADDRESS", "The address to listen on.", default="127.0.0.1")
    port: int = option(
        "-p --port N", "The port to listen on; 0 takes any that is free.", convert=whole(0, 65_535), default=8_173
    )
    allow_host: tuple[str, ...] = option(
        "--allow-host NAME", "A name under which clients may reach it; repeatable.", is_repeated=True
    )
    keep_snapshots: int = option(
        "--keep-snapshots N",
        "Earlier snapshots of a changing store whose NextTokens are still answered.",
        convert=whole(0),
        default=4,
    )
    keep_minutes: float = option(
        "--keep-minutes MINUTES",
        "Minutes for which NextTokens of earlier snapshots are answered at least.",
        convert=_minutes,
        default=15.0,
    )

    def run(self) -> int:
        """Serves until it is interrupted."""
        server = _server()
        sources = needed(self.sources)
        from smsearch.server.app import make_app

        with server.listen(self.host, self.port) as bound:
            service = self._service(sources)

            def write_address() -> None:
                sys.stdout.write(f"export AWS_ENDPOINT_URL_SAGEMAKER={server.url_of(bound)}\n")
                sys.stdout.flush()

            app = make_app(service, (self.host, *self.allow_host), self.stderr.note)
            server.serve(app, bound, write_address)
        return exit_codes.DONE

    def _service(self, sources: tuple[str, ...]) -> Service | FreshService:
        """The service over one store that may change, or over what the sources hold now."""
        from smsearch.service import FreshService, Keeping, Service
        from smsearch.store.manifest import is_store

        if not self.is_spark and len(sources) == 1 and is_store(Path(sources[0])):
            keeping = Keeping(self.keep_snapshots, self.keep_minutes * 60)
            return FreshService(Path(sources[0]), self.stderr.note, keeping)
        return Service(self.open(sources).searcher)


def _server() -> ModuleType:
    """The module that serves, if what it needs is installed."""
    try:
        from smsearch.server import run
    except ImportError as error:
        hint = "Install them: pip install 'smsearch-offline[server]'."
        raise ServerError(f"smsearch serve needs Starlette and uvicorn ({error}).", hint=hint) from None
    return run
