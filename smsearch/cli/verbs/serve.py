"""`smsearch serve`: the endpoint, for clients of SageMaker that run on this machine, and the page, for people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smsearch.cli import exit_codes, query_argument
from smsearch.cli.arguments import needed
from smsearch.cli.options import EngineVerb, PricedVerb
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import flag, option, positionals, whole, zero_or_more
from smsearch.errors import ServerError

if TYPE_CHECKING:
    from types import ModuleType

    from smsearch.page.access import PageAccess
    from smsearch.service import FreshService, Service


class ServeVerb(PricedVerb, EngineVerb):
    """Serves SageMaker's read-only operations until it is interrupted, and prints what clients must export.

    The same address shows a page in a browser: search, records, comparisons. Beyond this machine it is shown only to
    whoever has the token of --page-token.

    A store that changes meanwhile is served as it is then; listings that have begun go on over the records as they
    were. It listens on this machine only, unless --host says otherwise: whoever reaches it may read every record,
    unless --credentials asks for signatures.
    """

    examples = (
        "serve data/exports",
        "serve jobs.store --port 0 --open",
        "serve jobs.store --host 0.0.0.0 --credentials keys --page-token @token",
    )

    sources: tuple[str, ...] = positionals("SOURCE...")
    host: str = option("--host ADDRESS", "The address to listen on.", default="127.0.0.1")
    port: int = option(
        "-p --port N", "The port to listen on; 0 takes any that is free.", convert=whole(0, 65_535), default=8_173
    )
    allow_host: tuple[str, ...] = option(
        "--allow-host NAME", "A name under which clients may reach it; repeatable.", is_repeated=True
    )
    open_page: bool = flag("--open", "Open the page in a browser.")
    page_token: str | None = option(
        "--page-token TOKEN", "What people must give to see the page; @FILE reads it from a file."
    )
    credentials: str | None = option(
        "--credentials FILE", "Answer only what a key of this file has signed; it is written as ~/.aws/credentials is."
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
        convert=zero_or_more,
        default=15.0,
    )

    def run(self) -> int:
        """Serves until it is interrupted."""
        server = _server()
        sources = needed(self.sources)
        from smsearch.server.app import make_app
        from smsearch.server.credentials import read_credentials

        secrets = None if self.credentials is None else read_credentials(self.credentials)
        with server.listen(self.host, self.port) as bound:
            service = self._service(sources)
            is_open = server.is_loopback(bound) and secrets is None
            access = self._page_access(is_open=is_open)

            def write_address() -> None:
                url = server.url_of(bound)
                sys.stdout.write(f"export AWS_ENDPOINT_URL_SAGEMAKER={url}\n")
                sys.stdout.flush()
                if not server.is_loopback(bound):
                    self._warn_of_others(server.url_beyond(bound) or url)
                self._show_page(url, access)

            app = make_app(service, (self.host, *self.allow_host), self.stderr.note, access, secrets)
            server.serve(app, bound, write_address)
        return exit_codes.DONE

    @property
    def worker_seconds(self) -> float:
        """How long a request may wait for a worker of Spark."""
        return self.timeout

    def _page_access(self, *, is_open: bool) -> PageAccess | None:
        """Who may see the page; None where there is none, because it would be open to others than the endpoint is."""
        from smsearch.page.access import PageAccess

        token = None if self.page_token is None else query_argument.content(self.page_token).strip()
        if token == "":
            raise UsageError("--page-token is empty")
        return PageAccess(token) if is_open or token is not None else None

    def _warn_of_others(self, url: str) -> None:
        """Says how other machines reach the endpoint, and what they may read."""
        if self.credentials is None:
            self.stderr.warning(f"whoever reaches {url} may read every record; --credentials FILE asks for signatures")
        else:
            self.stderr.note(f"from other machines {url}")

    def _show_page(self, url: str, access: PageAccess | None) -> None:
        """Says where the page is, and opens it if that is asked for."""
        if access is None:
            reason = (
                f"{self.host} can be reached from other machines" if self.credentials is None else "nobody signs for it"
            )
            self.stderr.note(f"no page: {reason}; --page-token TOKEN shows one")
            return
        self.stderr.note(f"page {url}/")
        if self.open_page:
            import webbrowser

            webbrowser.open(f"{url}/")

    def _service(self, sources: tuple[str, ...]) -> Service | FreshService:
        """The service over one store that may change, or over what the sources hold now."""
        from smsearch.service import FreshService, Keeping, Service
        from smsearch.store.manifest import is_store

        if not self.is_spark and len(sources) == 1 and is_store(Path(sources[0])):
            keeping = Keeping(self.keep_snapshots, self.keep_minutes * 60)
            return FreshService(Path(sources[0]), self.stderr.note, keeping, prices=self.read_prices())
        return Service(self.open(sources).searcher)


def _server() -> ModuleType:
    """The module that serves, if what it needs is installed."""
    try:
        from smsearch.server import run
    except ImportError as error:
        hint = "Install them: pip install 'smsearch-offline[server]'."
        raise ServerError(f"smsearch serve needs Starlette, uvicorn and Jinja2 ({error}).", hint=hint) from None
    return run
