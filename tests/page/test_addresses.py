"""The law of addresses: what is written reads back, whatever names and queries hold."""

from __future__ import annotations

from dataclasses import fields
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.page.addresses import (
    PAGE_MAX,
    ChartsAddress,
    CompareAddress,
    FailuresAddress,
    GroupsAddress,
    HomeAddress,
    RecordAddress,
    SchemaAddress,
    ScreenAddress,
    SearchAddress,
    TuningAddress,
    WhyAddress,
    read,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = st.lists(TEXT.filter(bool), max_size=4, unique=True).map(tuple)
ADDRESSES: st.SearchStrategy[ScreenAddress] = st.one_of(
    st.just(HomeAddress()),
    st.builds(SearchAddress, TEXT, TEXT, NAMES, TEXT, NAMES, NAMES, st.integers(1, PAGE_MAX), st.booleans()),
    st.builds(RecordAddress, TEXT, TEXT, TEXT),
    st.builds(CompareAddress, TEXT, NAMES),
    st.builds(SchemaAddress, TEXT, TEXT, st.integers(1, PAGE_MAX)),
    st.builds(WhyAddress, TEXT, TEXT, TEXT),
    st.builds(ChartsAddress, TEXT, TEXT, st.lists(NAMES.filter(bool), max_size=3, unique=True).map(tuple)),
    st.builds(GroupsAddress, TEXT, TEXT, NAMES, NAMES),
    st.builds(FailuresAddress, TEXT, TEXT, st.integers(1, PAGE_MAX)),
    st.builds(TuningAddress, TEXT),
)


def parsed(url: str) -> ScreenAddress | None:
    parts = urlsplit(f"http://localhost{url}")
    return read(parts.path, parts.query)


@given(ADDRESSES)
def test_an_address_reads_back_as_it_was_written(address: ScreenAddress) -> None:
    url = address.url()
    assert url.isascii()
    assert parsed(url) == address


@given(st.text(max_size=60))
def test_any_query_string_is_an_address(query: str) -> None:
    address = read("/search", query)
    assert isinstance(address, SearchAddress)
    assert all(getattr(address, field.name) is not None for field in fields(address))
    assert address.page >= 1


def test_names_of_properties_stay_readable() -> None:
    address = SearchAddress("TrainingJob", columns=("TrainingJobName", "Metrics.validation:acc"), sort="-Metrics.acc")
    assert address.url() == "/search?r=TrainingJob&c=TrainingJobName,Metrics.validation:acc&sort=-Metrics.acc"


def test_a_form_with_check_boxes_sends_a_list() -> None:
    assert parsed("/compare?r=TrainingJob&name=a&name=b,c") == CompareAddress("TrainingJob", ("a", "b", "c"))


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "\u0663", ""])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert read("/search", f"p={page}") == SearchAddress()


def test_a_form_adds_a_figure_to_those_that_are_there() -> None:
    address = parsed("/charts?chart=timeline&kind=scatter&of=lr&of=loss&of=")
    assert address == ChartsAddress(charts=(("timeline",), ("scatter", "lr", "loss")))
    assert address.url() == "/charts?chart=timeline,%22scatter,lr,loss%22"


def test_no_screen_is_elsewhere() -> None:
    assert read("/nowhere", "") is None
    assert parsed("/search?" + "&".join(["c=x"] * 2_000)) == SearchAddress()
