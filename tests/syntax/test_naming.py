"""Names inside a NestedFilters, short and in full (row E5)."""

from __future__ import annotations

import pytest

from smsearch.syntax.naming import full_name, inner_name, short_name


@pytest.mark.parametrize(
    ("container", "name", "full", "inner"),
    [
        ("L", "x", "L.x", "x"),
        ("L", "L.x", "L.x", "x"),
        ("InputDataConfig", "inputDataConfig.ChannelName", "inputDataConfig.ChannelName", "ChannelName"),
        ("InputDataConfig", "input_data_config.x.y", "input_data_config.x.y", "x.y"),
        ("A.B", "A.B.C.D", "A.B.C.D", "C.D"),
        ("A.B", "B.C", "A.B.B.C", "B.C"),
        ("L", "L", "L.L", "L"),
        ("L", "Lx.y", "L.Lx.y", "Lx.y"),
        ("L", "n" * 254, "n" * 254, "n" * 254),
    ],
)
def test_full_and_inner_names(container: str, name: str, full: str, inner: str) -> None:
    assert full_name(container, name) == full
    assert inner_name(container, name) == inner
    assert full_name(container, short_name(container, full)) == full


def test_a_short_name_is_never_one_that_would_be_read_as_full() -> None:
    assert short_name("L", "L.L.x") == "L.L.x"
    assert short_name("L", "L.x") == "x"
    assert short_name("L", "L.") == "L."
