"""Keys of columns: whoever writes one and whoever reads it agree, whatever the user's keys hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

import smsearch
from smsearch.store.address import PIECE, escaped, names_in

if TYPE_CHECKING:
    from pathlib import Path

NAMES = st.text(alphabet=st.sampled_from("a0123\x1b\x1c\x1d\x1e\x1f|é"), min_size=1)


@given(names=st.lists(NAMES, min_size=1))
def test_names_come_back_from_a_key(names: list[str]) -> None:
    assert names_in(PIECE.join(escaped(name) for name in names)) == names


@given(one=NAMES, other=NAMES)
def test_different_names_have_different_pieces(one: str, other: str) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


def test_a_users_key_is_never_taken_for_another_column(tmp_path: Path) -> None:
    job = {"TrainingJobName": "a", "Tags": [{"Key": "x", "Value": "1"}], "HyperParameters": {f"k{PIECE}Value": "2"}}
    dump = tmp_path / "dump.json"
    dump.write_bytes(smsearch.from_records([job]).search_json(b'{"Resource":"TrainingJob"}'))
    smsearch.build([dump], tmp_path / "store")
    stored = smsearch.open(tmp_path / "store")
    for key, expected in ((f"k{PIECE}Value", 1), ("k", 0)):
        condition = {"Filters": [{"Name": f"HyperParameters.{key}", "Operator": "Equals", "Value": "2"}]}
        assert len(stored.query(condition, resource="TrainingJob")) == expected
