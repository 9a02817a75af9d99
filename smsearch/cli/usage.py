"""The error of a wrong command line."""

from __future__ import annotations


class UsageError(Exception):
    """An argument or an option is missing, wrong, or contradicts another one: exit code 2."""
