"""`smsearch serve`: the endpoint, for clients of SageMaker that run on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smsearch.cli import options
from smsearch.cli.environment import DATA_VARIABLE, from_environment
from smsearch.cli.open_sources import LOCAL, EngineChoice, open_sources
from smsearch.cli.standard_error import StandardError
from smsearch.errors import ServerError

if TYPE_CHECKING:
    from types import ModuleType


@click.command("serve", short_help="Answer boto3, the AWS CLI and the SageMaker SDK over HTTP.")
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "-p",
    "--port",
    type=click.IntRange(0, 65_535),
    default=8_173,
    show_default=True,
    help="The port to listen on; 0 takes any that is free.",
)
@click.option(
    "--allow-host", "names", multiple=True, metavar="NAME", help="A name under which clients may reach it; repeated."
)
@click.option(
    "--keep-snapshots",
    type=click.IntRange(0),
    default=4,
    show_default=True,
    help="Snapshots of before, of a store that changes, whose NextTokens are answered.",
)
@click.option(
    "--keep-minutes",
    type=click.FloatRange(0),
    default=15.0,
    show_default=True,
    help="Minutes for which NextTokens of before are answered at least.",
)
@options.engine
@options.reading
def command(  # noqa: PLR0913 - one parameter an option
    *,
    sources: tuple[str, ...],
    host: str,
    port: int,
    names: tuple[str, ...],
    keep_snapshots: int,
    keep_minutes: float,
    engine: str,
    master: str | None,
    remote: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Serves SageMaker's read-only operations until it is interrupted, and prints what clients must export.

    A store that changes meanwhile is served as it is then; listings that have begun go on over the records as they
    were. It listens on this machine only, unless --host says
    otherwise: whoever reaches it may read every record.
    """
    server = _server()
    at = EngineChoice.of(engine, master, remote)
    named = sources or from_environment()
    if not named:
        raise click.UsageError(f"no source: name a store, or exports, or set {DATA_VARIABLE}")
    from smsearch.server.app import make_app
    from smsearch.service import FreshService, Keeping, Service
    from smsearch.store.manifest import is_store

    stderr = StandardError(quiet)
    bound = server.listen(host, port)
    with bound:
        if at == LOCAL and len(named) == 1 and is_store(Path(named[0])):
            service: Service | FreshService = FreshService(
                Path(named[0]), stderr.note, Keeping(keep_snapshots, keep_minutes * 60)
            )
        else:
            service = Service(open_sources(named, stderr, report, at).searcher)

        def say_where() -> None:
            sys.stdout.write(f"export AWS_ENDPOINT_URL_SAGEMAKER={server.url_of(bound)}\n")
            sys.stdout.flush()

        server.serve(make_app(service, (host, *names), stderr.note), bound, say_where)


def _server() -> ModuleType:
    """The module that serves, if what it needs is installed."""
    try:
        from smsearch.server import run
    except ImportError as error:
        hint = "Install them: pip install 'smsearch-offline[server]'."
        raise ServerError(f"smsearch serve needs Starlette and uvicorn ({error}).", hint=hint) from None
    return run
