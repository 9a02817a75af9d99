"""Properties are data: compared by content, and many-valued only through a list's elements."""

from __future__ import annotations

from smsearch.schema import value_kinds
from smsearch.schema.property import Elements, FirstMember, Member, Pair, Property


def test_a_property_is_many_valued_only_through_elements() -> None:
    assert Property("a.b", value_kinds.TEXT, (Member("a"), Elements(), Member("b"))).is_many
    assert not Property("Tags.a", value_kinds.TEXT, (Member("Tags"), Pair("Key", "a"), FirstMember(("Value",)))).is_many


def test_properties_of_equal_content_are_equal_and_hash_alike() -> None:
    first, second = (Property("a", value_kinds.TEXT, (Member("a"),)) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)
    assert first != Property("a", value_kinds.UNKNOWN, (Member("a"),))
