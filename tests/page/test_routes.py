"""Who may ask the page, and what every answer says to the browser."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from smsearch.page import routes
from smsearch.page.access import COOKIE, PageAccess
from smsearch.page.under_way import UnderWay
from tests.page.browsing import HOST, app_of, browse

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from smsearch.page.addresses import ScreenAddress
    from smsearch.searcher import Searcher

SCREENS = ("/", "/search", "/schema", "/static/page.css", "/nowhere", "/token")


@pytest.mark.parametrize("url", SCREENS)
def test_only_what_this_server_sends_is_run_or_shown(app: ASGIApp, url: str) -> None:
    answer = browse(app, url)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("url", ["/", "/search", "/static/page.js"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "https://evil.example:8173"]
)
def test_a_foreign_origin_is_refused(app: ASGIApp, url: str, origin: str) -> None:
    assert browse(app, url, headers={"Origin": origin}).status == 403
    assert browse(app, url, "POST", {"Origin": origin, "X-Amz-Target": "SageMaker.Search"}).status in {403, 405}
    posted = browse(app, "/", "POST", {"Origin": origin, "X-Amz-Target": "SageMaker.Search"}, b"{}")
    assert posted.status == 403


def test_the_page_and_the_endpoint_answer_their_own_origin(app: ASGIApp) -> None:
    own = {"Origin": f"http://{HOST}"}
    assert browse(app, "/", headers=own).status == 200
    request = b'{"Resource": "TrainingJob", "MaxResults": 1}'
    assert (
        browse(app, "/", "POST", own | {"X-Amz-Target": "SageMaker.Search", "Content-Length": "50"}, request).status
        == 200
    )


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8173", ""])
def test_a_name_that_is_not_this_machines_is_refused(app: ASGIApp, host: str) -> None:
    assert browse(app, "/search", headers={"Host": host}).status == 403


@pytest.mark.parametrize("host", ["localhost:9000", "127.0.0.1", "[::1]:8173"])
def test_a_tunnel_reaches_the_page_under_its_own_port(app: ASGIApp, host: str) -> None:
    assert browse(app, "/", headers={"Host": host, "Origin": f"http://{host}"}).status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_nothing_can_be_written(app: ASGIApp, method: str) -> None:
    assert browse(app, "/search", method).status == 405


def test_there_is_no_page_unless_somebody_may_see_it(searcher: Searcher) -> None:
    from smsearch.server.app import make_app
    from smsearch.service import Service

    assert browse(make_app(Service(searcher)), "/search").status == 404


def test_a_token_is_given_once_in_a_form_and_kept_in_a_cookie(searcher: Searcher) -> None:
    app = app_of(searcher, PageAccess("open sesame"))
    for url in ("/", "/search?token=open+sesame", "/record?name=x"):
        refused = browse(app, url)
        assert refused.status == 401
        assert "TrainingJob" not in refused.html
    wrong = browse(app, "/token", "POST", body=b"token=sesame")
    assert (wrong.status, "set-cookie" in wrong.headers) == (403, False)
    right = browse(app, "/token", "POST", body=b"token=open+sesame")
    assert (right.status, right.headers["location"]) == (303, "/")
    cookie = right.headers["set-cookie"]
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert "sesame" not in cookie
    kept = cookie.partition(";")[0]
    assert browse(app, "/search", headers={"Cookie": f"other=1; {kept}"}).status == 200
    assert browse(app, "/search", headers={"Cookie": f"{COOKIE}={'0' * 64}"}).status == 401
    assert browse(app, "/search", headers={"Cookie": f'{COOKIE}="\xff'}).status == 401
    assert browse(app, "/token", "POST", body=b"token=" + b"x" * 5_000).status == 413


def test_a_file_that_has_not_changed_is_not_sent_again(app: ASGIApp) -> None:
    first = browse(app, "/static/page.css")
    assert first.headers["content-type"].startswith("text/css")
    again = browse(app, "/static/page.css", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert browse(app, "/static/../routes.py").status == 404


def test_the_screens_that_people_see_first_are_made_before_they_ask(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths: list[str] = []

    async def current() -> Searcher:
        return searcher

    def made(_searcher: Searcher, address: ScreenAddress) -> tuple[bytes, int]:
        paths.append(address.path)
        return b"", 200

    monkeypatch.setattr(routes, "_made", made)
    monkeypatch.setattr(routes, "WARM_UP_AFTER_SECONDS", 0.0)
    for records_min, seconds, expected in (
        (1_000_000, 5.0, []),
        (1, -1.0, []),
        (1, 5.0, ["/", "/search", "/charts", "/failures"]),
    ):
        monkeypatch.setattr(routes, "WARM_UP_FROM", records_min)
        monkeypatch.setattr(routes, "WARM_UP_SECONDS", seconds)
        page = routes.PageRoutes(current, PageAccess(), UnderWay())
        asyncio.run(page.warm_up())
        page.close()
        assert paths == expected
