"""Hypothesis strategies that several evaluators are judged with: records, expressions and sorts that fit each other.

Everything is drawn from small pools of awkward values that documents and filters share, so that filters hit, records
collide and ties occur. An expression always binds: its names are the resource's and its values are of the property's
kind. It keeps the documented limits too, save the limit on Contains, which is a policy.

    @given(data=st.data(), resource=resources())
    def test(data, resource):
        records = data.draw(record_lists(resource))
        expression = data.draw(expressions(resource))
        sort_by, order = data.draw(sorts(resource))
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from smsearch.frozen import replace
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind_sort
from smsearch.schema import catalogue, value_kinds
from smsearch.schema.derived import with_derived
from smsearch.schema.names import Schema
from smsearch.schema.prices import prices_of
from smsearch.schema.record import Record
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, SortOrder
from smsearch.syntax.condition import CompoundCondition, ElementCondition, LikeCondition, NotCondition, PairCondition
from smsearch.syntax.names import full_name
from smsearch.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from smsearch.predicate.order import SortKey
    from smsearch.schema.value_kinds import Kind
    from smsearch.syntax.condition import WiderCondition

NUMERALS: Final = (
    *("0", "-0", "1", "+1", "007", " 7 ", "7", "0.7", "-0.7", "0.70", ".5", "5.", "1e-05", "0.00001", "1E3", "1000"),
    *(
        "9007199254740992",
        "9007199254740993",
        "0.1",
        "0.1000000000000000000001",
        "1e400",
        "1e999999999",
        "-1e999999999",
    ),
    *("1e-999999999", "123456789012345678901234567890"),
    *("5", "5.0", "05", "5e0", "0.0", "-0.0", "1.0", "1e22", "1e+22", "1E+22", "10000000000000000000000", "Infinity"),
)
"""Texts that spell numbers (row F15), equal ones in several spellings; and how the wire spells an infinity."""
NO_NUMERALS: Final = ("1_000", "0x10", "NaN", "inf", "1,5", "--1", "e5", "\u0663", "true", "null", '"adam"', "adam")
"""Texts that look like numbers, or not, and spell none."""
WORDS: Final = (
    *("a", "A", "b", "ab", "ba", "a b", "Z", "\u00e9", "e\u0301", "\uffff", "\U0001f600", "%", "_", "a.b", "x" * 300),
    *("Completed", "Failed", "s3://bucket/cat/data", "s3://bucket/dog"),
)
"""Texts that a filter may hold; none is empty and none holds a comma."""
LITERALS: Final = tuple(text for text in NUMERALS if text != "Infinity")
"""Texts that a filter on a number may hold."""
TEXTS: Final = (*NUMERALS, *NO_NUMERALS, *WORDS)
MOMENTS: Final = (
    *("2024-01-31", "2024-01-31T00:00:00Z", "2024-01-31T00:00:00.000001Z", "2024-01-31T01:00:00+01:00", "1970-01-01"),
    *("2024-01-31 12:30:00", "2024-01-31T12:30:00.5", "0001-01-01", "9999-12-31T23:59:59.999999Z"),
)
"""Texts that spell moments (row F20)."""

PRICES: Final = prices_of({"ml.a": 0.1, "ml.b": 3.06})
PRICED: Final = "PricedCost"
"""The name of the derived Cost over drawn records."""
EXTENDED: Final = DEFAULT.beyond_the_api
"""The policy of queries that may say more than the API."""
_KEYS: Final = ("a", "A", "a.b", "a:b c", "Key", "Value", "loss", "x.Max")
"""The user's own names, in every family."""
_NAMES: Final = ("a", "b", "A", "a-1", "\u00e9")
_ACCOUNTS: Final = ("111111111111", "222222222222")


def texts() -> SearchStrategy[str]:
    """Any text that a document may hold."""
    return st.sampled_from((*TEXTS, "", " ", "a,b")) | st.text(max_size=5)


def numbers() -> SearchStrategy[object]:
    """JSON numbers, NaN and infinities among them, and now and then what is none.

    The text `Infinity` is none of them: a record has the number there (row R13), which a store writes as that text.
    """
    exact = (Decimal("1e999999999"), Decimal("0.1000000000000000000001"), Decimal(9007199254740993), 2**53 + 1, 2**70)
    special = (math.nan, math.inf, -math.inf, 0.0, -0.0, 0.1, 5e-324, 1.7976931348623157e308)
    equal = (0, 1, 1.0, 5, 5.0, 1e22, 10**22)
    return (
        st.integers(-3, 3)
        | st.sampled_from((*exact, *special, *equal))
        | st.floats()
        | st.sampled_from(LITERALS)
        | st.sampled_from(("", "x"))
    )


def moments() -> SearchStrategy[object]:
    """A time in the forms that exports use, now and then an unreadable one."""
    return (
        st.sampled_from(MOMENTS)
        | st.sampled_from((0, 1_706_659_200, 1_706_659_200.000001, 1_706_659_200_000, "1706659200", Decimal("1e30")))
        | st.sampled_from(("", "soon", {"__class__": "datetime", "year": 2024, "month": 1, "day": 31}))
        | st.integers(-2_000_000_000, 4_000_000_000)
    )


def _truths() -> SearchStrategy[object]:
    return st.sampled_from((True, False, "true", "False", "yes"))


def _nullable(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | values


def _object(**members: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """An object with any of the members, each now and then null."""
    optional = {name: _nullable(values) for name, values in members.items()}
    return st.fixed_dictionaries({}, optional=optional)


def _map(values: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(_KEYS), _nullable(values), max_size=4)


def _list(values: SearchStrategy[Any]) -> SearchStrategy[list[Any]]:
    return st.lists(_nullable(values), max_size=3)


_keys = st.sampled_from(_KEYS)
_tags = _list(_object(Key=_keys, Value=texts()))
_environment = _map(texts())
_loose = texts() | numbers()
_data_source = _object(S3DataSource=_object(S3Uri=texts(), S3DataType=texts()))
_channel = _object(ChannelName=texts(), ContentType=texts(), DataSource=_data_source)
_metric = _object(MetricName=_keys, Value=numbers(), Timestamp=moments())
_summary = _object(
    MetricName=_keys, Max=numbers(), Min=numbers(), Last=numbers(), Avg=numbers(), Count=numbers(), TimeStamp=moments()
)
_entity_names = texts().filter(bool)  # an empty one is absent (row F5), and no record that was read has it
_types = st.sampled_from(("ml.a", "ml.b", "ml.unpriced", "")) | texts()
_images = st.sampled_from(("r.io/a/b:1", "r.io:5/a@sha256:0", "a:b:c", "/", ":", "@", "a/b", "r.io/")) | texts()
_times = {"CreationTime": moments(), "LastModifiedTime": moments()}


@dataclass(frozen=True, slots=True)
class Profile:
    """What is drawn for one resource.

    Attributes:
        document: Documents without the members that identify them.
        names: Properties that filters and sorts may name.
        elements: Lists that NestedFilters may name, and the properties of their elements.
        extras: Fields that the service model does not know, by name, each with the way to it.
        derived: Properties that smsearch computes, which only extended expressions and sorts may name.
    """

    document: SearchStrategy[dict[str, Any]]
    names: tuple[str, ...]
    elements: Mapping[str, tuple[str, ...]]
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    derived: tuple[str, ...] = ()


def _every_key(*prefixes: str) -> tuple[str, ...]:
    return tuple(f"{prefix}.{key}" for prefix in prefixes for key in _KEYS)


PROFILES: Final[Mapping[str, Profile]] = {
    "TrainingJob": Profile(
        _object(
            TrainingJobStatus=texts(),
            BillableTimeInSeconds=numbers(),
            EnableNetworkIsolation=_truths(),
            HyperParameters=_map(_loose),
            Environment=_environment,
            Tags=_tags,
            FinalMetricDataList=_list(_metric),
            InputDataConfig=_list(_channel),
            VpcConfig=_object(Subnets=_list(texts())),
            ResourceConfig=_object(
                InstanceType=_types,
                InstanceCount=numbers(),
                InstanceGroups=_list(_object(InstanceType=_types, InstanceCount=numbers())),
            ),
            TrainingStartTime=moments(),
            TrainingEndTime=moments(),
            TuningJobArn=texts(),
            AlgorithmSpecification=_object(TrainingImage=_images),
            Cost=_loose | _object(USD=_loose),
            **_times,
        ),
        (
            *("Cost", "Cost.USD"),
            *(
                "TrainingJobName",
                "TrainingJobArn",
                "TrainingJobStatus",
                "BillableTimeInSeconds",
                "EnableNetworkIsolation",
            ),
            *("CreationTime", "LastModifiedTime", "ResourceConfig.InstanceType", "ResourceConfig.InstanceCount"),
            *("InputDataConfig", "InputDataConfig.ChannelName", "InputDataConfig.DataSource.S3DataSource.S3Uri"),
            *("VpcConfig", "VpcConfig.Subnets", "HyperParameters", "Tags", "FinalMetricDataList.Value"),
            *_every_key("HyperParameters", "Environment", "Tags", "Metrics"),
        ),
        {
            "InputDataConfig": ("ChannelName", "ContentType", "DataSource.S3DataSource.S3Uri", "DataSource"),
            "Tags": ("Key", "Tags.Value"),
            "FinalMetricDataList": ("MetricName", "Value", "Timestamp"),
        },
        {"Cost": ("Cost",), "Cost.USD": ("Cost", "USD")},
        (
            *("DurationInSeconds", "QueuedInSeconds", "InstanceSeconds", PRICED),
            *("TuningJobName", "ImageRepository", "ImageTag"),
        ),
    ),
    "ExperimentTrialComponent": Profile(
        _object(
            DisplayName=texts(),
            Status=_object(PrimaryStatus=texts()),
            Parameters=_map(_object(NumberValue=numbers(), StringValue=texts())),
            InputArtifacts=_map(_object(Value=texts(), MediaType=texts())),
            OutputArtifacts=_map(_object(Value=texts(), MediaType=texts())),
            Metrics=_list(_summary),
            Parents=_list(_object(TrialName=_entity_names, ExperimentName=_entity_names)),
            Tags=_tags,
            **_times,
        ),
        (
            *("TrialComponentName", "DisplayName", "Status.PrimaryStatus", "CreationTime", "LastModifiedTime"),
            *("Parents", "Parents.TrialName", "Parents.ExperimentName", "Parameters.a.NumberValue"),
            *("Metrics.loss.Max", "Metrics.loss.Count", "Metrics.a.b.Min", "InputArtifacts.a.MediaType"),
            *("InputArtifacts", "OutputArtifacts", "Tags"),
            *_every_key("Parameters", "InputArtifacts", "Metrics", "Tags"),
        ),
        {"Parents": ("TrialName", "Parents.ExperimentName"), "Metrics": ("MetricName", "Last", "Count", "TimeStamp")},
    ),
    "FeatureMetadata": Profile(
        _object(
            FeatureType=texts(),
            Description=texts(),
            Parameters=_list(_object(Key=_keys, Value=texts())),
            **_times,
        ),
        (
            *("FeatureName", "FeatureGroupArn", "FeatureType", "Description", "CreationTime", "LastModifiedTime"),
            *("AllParameters", "Parameters", "Parameters.a", "Parameters.a.b", "Parameters.loss", "Parameters.Value"),
        ),
        {"Parameters": ("Key", "Value")},
    ),
    "ModelPackage": Profile(
        _object(
            ModelPackageVersion=numbers(),
            ModelApprovalStatus=texts(),
            CertifyForMarketplace=_truths(),
            CustomerMetadataProperties=_environment,
            InferenceSpecification=_object(
                Containers=_list(_object(Image=texts(), Environment=_environment)),
                SupportedContentTypes=_list(texts()),
            ),
            AdditionalInferenceSpecifications=_list(
                _object(Name=texts(), Containers=_list(_object(Image=texts(), Environment=_environment)))
            ),
            Tags=_tags,
            **_times,
        ),
        (
            *(
                "ModelPackageName",
                "ModelPackageVersion",
                "ModelApprovalStatus",
                "CertifyForMarketplace",
                "CreationTime",
            ),
            *(
                "LastModifiedTime",
                "InferenceSpecification.Containers.Image",
                "InferenceSpecification.SupportedContentTypes",
            ),
            *("AdditionalInferenceSpecifications.Containers.Image", "InferenceSpecification.Containers.Environment.a"),
            *_every_key("CustomerMetadataProperties", "Tags"),
        ),
        {
            "InferenceSpecification.Containers": ("Image", "Environment.a", "Environment.a.b"),
            "AdditionalInferenceSpecifications": ("Name", "Containers.Image"),
            "AdditionalInferenceSpecifications.Containers": ("Image", "Environment.loss"),
        },
    ),
}
"""The resources that are drawn: flat and deep, with lists in lists, and with an ARN that several records share."""


def resources() -> SearchStrategy[str]:
    """A resource that has a profile."""
    return st.sampled_from(tuple(PROFILES))


@cache
def schema_of(resource: str) -> Schema:
    """What can be asked of a resource: its model's, the fields that only drawn records have, and what is derived."""
    schema = with_derived(Schema(catalogue.resource(resource), PROFILES[resource].extras), PRICES)
    cost = schema.derived.get("cost")  # drawn records have a field of that name, which comes first
    return replace(schema, derived={**schema.derived, PRICED.lower(): replace(cost, name=PRICED)}) if cost else schema


def _names_of(resource: str, *, extended: bool) -> tuple[str, ...]:
    profile = PROFILES[resource]
    return profile.names + profile.derived if extended else profile.names


_MODIFIED = st.none() | st.integers(0, 3)


@st.composite
def records(draw: st.DrawFn, resource: str) -> Record:
    """A record with an ARN, a name or both; few enough of either that records are often the same resource."""
    kind = catalogue.resource(resource)
    name = draw(st.sampled_from(_NAMES))
    account = draw(st.sampled_from(_ACCOUNTS))
    identified = draw(st.sampled_from(("both", "both", "both", "name")))
    subject = "group" if kind.arn_is_shared else name
    arn = f"arn:aws:sagemaker:eu-west-1:{account}:{resource.lower()}/{subject}" if identified == "both" else ""
    document = dict(draw(PROFILES[resource].document))
    document[kind.name_path[-1]] = name
    if arn:
        document[kind.arn[-1]] = arn
    extras = tuple(PROFILES[resource].extras.values())
    return Record(resource, arn, name, document, draw(_MODIFIED), draw(st.booleans()), extras)


def record_lists(resource: str, max_size: int = 12) -> SearchStrategy[list[Record]]:
    """Records of one resource in order of arrival, some of them the same resource's."""
    return st.lists(records(resource), max_size=max_size)


_PRESENCE = (Operator.EXISTS, Operator.NOT_EXISTS)
_EQUALITY = (Operator.EQUALS, Operator.NOT_EQUALS)
_ORDERED = (
    Operator.GREATER_THAN,
    Operator.GREATER_THAN_OR_EQUAL_TO,
    Operator.LESS_THAN,
    Operator.LESS_THAN_OR_EQUAL_TO,
)


@cache
def filters(name: str, kind: Kind, *, extended: bool = False) -> SearchStrategy[Filter]:
    """A filter that a property of this kind can have, under this name; `extended` allows more than the API does.

    The strategy is kept: making one takes Hypothesis longer than drawing from it a hundred times.
    """
    presence = st.builds(Filter, st.just(name), st.sampled_from(_PRESENCE))
    items = st.lists(st.sampled_from(NUMERALS + WORDS + NO_NUMERALS[:4]), min_size=1, max_size=3).map(",".join)
    text = st.one_of(
        st.builds(Filter, st.just(name), st.sampled_from(_EQUALITY), st.sampled_from(TEXTS)),
        st.builds(Filter, st.just(name), st.just(Operator.CONTAINS), st.sampled_from(TEXTS)),
        st.builds(Filter, st.just(name), st.just(Operator.IN), items),
    )

    def comparison(values: SearchStrategy[str]) -> SearchStrategy[Filter]:
        return st.builds(Filter, st.just(name), st.sampled_from(_EQUALITY + _ORDERED), values)

    by_kind: Mapping[Kind, SearchStrategy[Filter]] = {
        value_kinds.TEXT: text,
        value_kinds.TEXT_MAP: text | comparison(st.sampled_from(LITERALS)) if extended else text,
        value_kinds.HYPERPARAMETER: text | comparison(st.sampled_from(LITERALS)),
        value_kinds.PARAMETER: text | comparison(st.sampled_from(LITERALS)),
        value_kinds.UNKNOWN: text | comparison(st.sampled_from(LITERALS)),
        value_kinds.NUMBER: comparison(st.sampled_from(LITERALS)),
        value_kinds.DECIMAL: comparison(st.sampled_from(LITERALS)),
        value_kinds.SECONDS: comparison(st.sampled_from((*LITERALS, "2h", "1h30m", "0.5s"))),
        value_kinds.INTEGER: comparison(st.sampled_from(LITERALS)),
        value_kinds.TIMESTAMP: comparison(st.sampled_from(MOMENTS)),
        value_kinds.BOOLEAN: st.builds(
            Filter, st.just(name), st.sampled_from(_EQUALITY), st.sampled_from(("true", "FALSE"))
        ),
        value_kinds.STRUCTURE: presence,
    }
    return by_kind[kind] | presence


@cache
def property_filters(resource: str, *, extended: bool = False) -> SearchStrategy[Filter]:
    """A filter on one of the resource's properties."""
    return st.sampled_from(_names_of(resource, extended=extended)).flatmap(
        lambda name: _filters_of(resource, name, extended=extended)
    )


@cache
def _filters_of(resource: str, name: str, *, extended: bool) -> SearchStrategy[Filter]:
    prop = schema_of(resource).property(name)
    some = filters(name, prop.kind, extended=extended)
    if schema_of(resource).texts_within(prop) is None:
        return some
    needles = st.sampled_from((*TEXTS, *_KEYS))
    return some | st.builds(Filter, st.just(name), st.just(Operator.CONTAINS), needles)


@cache
def sibling_filters(resource: str, *, extended: bool = False) -> SearchStrategy[tuple[Filter, ...]]:
    """Two or three filters on one of the resource's properties, as the ends of a range are."""
    return st.sampled_from(_names_of(resource, extended=extended)).flatmap(
        lambda name: _siblings_of(resource, name, extended=extended)
    )


@cache
def _siblings_of(resource: str, name: str, *, extended: bool) -> SearchStrategy[tuple[Filter, ...]]:
    kind = schema_of(resource).property(name).kind
    return st.lists(filters(name, kind, extended=extended), min_size=2, max_size=3).map(tuple)


@st.composite
def nested_filters(draw: st.DrawFn, resource: str, *, extended: bool = False) -> NestedFilters:
    """Conditions on one element of one of the resource's lists."""
    schema = schema_of(resource)
    name = draw(st.sampled_from(tuple(PROFILES[resource].elements)))
    container = schema.list_property(name)
    inner = draw(st.lists(st.sampled_from(PROFILES[resource].elements[name]), min_size=1, max_size=3))
    kinds = {each: schema.element_property(container, each).kind for each in inner}
    return NestedFilters(name, tuple(draw(filters(each, kinds[each], extended=extended)) for each in inner))


@cache
def expressions(resource: str, *, extended: bool = False) -> SearchStrategy[SearchExpression]:
    """An expression that binds: any mixture of conditions, And and Or, a few levels deep, never empty.

    Args:
        resource: What it asks for.
        extended: Whether it may say what the API cannot: it binds under `EXTENDED`.
    """

    def level(children: SearchStrategy[tuple[SearchExpression, ...]]) -> SearchStrategy[SearchExpression]:
        made = st.builds(
            SearchExpression,
            st.lists(property_filters(resource, extended=extended), max_size=3).map(tuple)
            | sibling_filters(resource, extended=extended),
            st.lists(nested_filters(resource, extended=extended), max_size=1).map(tuple),
            children,
            st.sampled_from(BooleanOperator),
        )
        return made.filter(lambda expression: not expression.is_empty)

    leaf = level(st.just(()))
    branch = level(st.lists(leaf, max_size=2).map(tuple))
    return leaf | branch | level(st.lists(branch, max_size=2).map(tuple))


def _element_conditions(resource: str) -> SearchStrategy[WiderCondition]:
    """A condition that one element of a list satisfies, and NestedFilters cannot say."""

    def combined(nested: NestedFilters, operator: BooleanOperator, negated: int) -> WiderCondition:
        container = nested.nested_property_name
        full = [replace(one, name=full_name(container, one.name)) for one in nested.filters]
        parts = tuple(NotCondition(one) if at == negated else one for at, one in enumerate(full))
        inner: WiderCondition = CompoundCondition(operator, parts) if len(parts) > 1 else NotCondition(full[0])
        return ElementCondition(container, inner)

    nested = nested_filters(resource, extended=True)
    return st.builds(combined, nested, st.sampled_from(BooleanOperator), st.integers(0, 2))


@st.composite
def _patterns(draw: st.DrawFn, resource: str) -> LikeCondition:
    """A pattern on one of the resource's properties that may be text."""
    schema = schema_of(resource)
    name = draw(st.sampled_from([name for name in PROFILES[resource].names if schema.property(name).kind.holds_text]))
    parts = st.sampled_from(("%", "_", "\\%", "\\\\", *TEXTS)).map(lambda text: text[:8])
    pattern = draw(st.lists(parts, min_size=1, max_size=4).map("".join))
    return LikeCondition(name, pattern, draw(st.booleans()))


@st.composite
def _pairs(draw: st.DrawFn, resource: str) -> PairCondition:
    """A comparison of two of the resource's numbers or times, or of the difference of two times with a span."""
    schema = schema_of(resource)
    props = [schema.property(name) for name in _names_of(resource, extended=True)]
    single = [prop for prop in props if not prop.is_many]
    are_times = draw(st.booleans())
    names = [prop.name for prop in single if (prop.kind.is_time if are_times else prop.kind.is_number)]
    if not names:
        are_times, names = True, [prop.name for prop in single if prop.kind.is_time]
    span = draw(st.none() | st.sampled_from(("0", "90m", "-3600", "0.000001", "1w"))) if are_times else None
    some = st.sampled_from(names)
    return PairCondition(draw(some), draw(st.sampled_from(_EQUALITY + _ORDERED)), draw(some), span)


@cache
def conditions(resource: str) -> SearchStrategy[SearchExpression | WiderCondition]:
    """An expression, or a condition that says more than one: it binds under `EXTENDED`."""
    leaves: SearchStrategy[WiderCondition] = st.one_of(
        _patterns(resource),
        _pairs(resource),
        property_filters(resource, extended=True),
        nested_filters(resource, extended=True),
        _element_conditions(resource),
    )

    def combined(inner: SearchStrategy[WiderCondition]) -> SearchStrategy[WiderCondition]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.builds(CompoundCondition, st.sampled_from(BooleanOperator), several) | st.builds(NotCondition, inner)

    return expressions(resource, extended=True) | st.recursive(leaves, combined, max_leaves=5)


@st.composite
def sorts(draw: st.DrawFn, resource: str, *, extended: bool = False) -> tuple[str | None, SortOrder | None]:
    """A SortBy that the resource can be sorted by, or None, and a SortOrder, or None; `extended` as for filters."""
    schema = schema_of(resource)
    properties = [schema.property(name) for name in _names_of(resource, extended=extended)]
    single = [prop.name for prop in properties if not prop.is_many and prop.kind.has_values]
    return draw(st.none() | st.sampled_from(single)), draw(st.none() | st.sampled_from(SortOrder))


@st.composite
def sort_keys(draw: st.DrawFn, resource: str, *, extended: bool = False) -> SortKey:
    """An order by one to three keys; `extended` as for filters."""
    first, *others = draw(st.lists(sorts(resource, extended=extended), min_size=1, max_size=3))
    then_by = tuple((name, order or SortOrder.DESCENDING) for name, order in others if name is not None)
    return bind_sort(*first, schema_of(resource), then_by=then_by)
