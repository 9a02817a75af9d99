"""What every screen gives: a template, what it is filled with, and a status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsearch.page import visible

if TYPE_CHECKING:
    from smsearch.page.addresses import ScreenAddress


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen before it is HTML.

    Attributes:
        template: The name of its template.
        title: What the browser's tab is called.
        address: Where it is.
        values: What the template shows, by name.
        status: The status of the response.
    """

    template: str
    title: str
    address: ScreenAddress
    values: dict[str, object]
    status: int = 200

    def html(self) -> bytes:
        """The screen as HTML."""
        return visible.html(self.template, {"title": self.title, "address": self.address, **self.values})
