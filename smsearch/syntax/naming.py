"""Names inside a NestedFilters: in full, or from the element on (row E5). Knows no property."""

from __future__ import annotations

from smsearch import limits


def folded(name: str) -> str:
    """A name without case and underscores, which fixed segments of names do not tell apart (row F6)."""
    return name.replace("_", "").lower()


def is_in_full(container: str, name: str) -> bool:
    """Whether a name inside a NestedFilters already begins with the list's name."""
    return folded(name).startswith(folded(container) + ".")


def full_name(container: str, name: str) -> str:
    """The full path of a name inside a NestedFilters; one that would be too long to send stays as it is."""
    full = f"{container}.{name}"
    return name if is_in_full(container, name) or len(full) > limits.NAME_LENGTH_MAX else full


def inner_name(container: str, name: str) -> str:
    """A name inside a NestedFilters from the element on."""
    segments = container.count(".") + 1
    return name.split(".", segments)[segments] if is_in_full(container, name) else name


def short_name(container: str, name: str) -> str:
    """The shortest name that `full_name` makes this one of."""
    short = name.removeprefix(f"{container}.")
    return short if short and full_name(container, short) == name else name
