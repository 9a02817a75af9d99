"""Who may see the page: everybody who reaches it, or whoever has given its token in a form.

The browser keeps a cookie that was made of the token, and not the token itself; scripts cannot read it, and other sites
cannot make a browser send it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final

COOKIE: Final = "smsearch-page"
_ATTRIBUTES: Final = "Path=/; HttpOnly; SameSite=Strict"


@dataclass(frozen=True, slots=True)
class PageAccess:
    """The token of the page, or None where everybody may see it."""

    token: str | None = None

    def admits(self, cookies: str) -> bool:
        """Whether a request with this Cookie header may see the page."""
        if self.token is None:
            return True
        try:
            morsel = SimpleCookie(cookies).get(COOKIE)
        except CookieError:
            return False
        return morsel is not None and _same(morsel.value, self._mark)

    def cookie_of(self, token: str) -> str | None:
        """The Set-Cookie header for whoever has given a token, or None if it is another one."""
        if self.token is None or not _same(_mark_of(token), self._mark):
            return None
        return f"{COOKIE}={self._mark}; {_ATTRIBUTES}"

    @property
    def _mark(self) -> str:
        return _mark_of(self.token or "")


def _mark_of(token: str) -> str:
    return hashlib.sha256(b"smsearch page\0" + token.encode("utf-8", "surrogatepass")).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
