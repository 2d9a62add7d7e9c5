"""What a regulator writes is read whole, or refused with everything that is wrong with it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance_api.acceptance import Transport
from acceptance_api.campaigns import (
    AgreementSamplingRatio,
    ItemBan,
    OutletDuty,
    OverlayKind,
    Scope,
    as_content,
    parse_campaign,
    unknown_divisions,
)
from acceptance_api.campaigns.model import TRANSPORTS
from acceptance_api.kernel.problems import Kind, Problem
from tests.campaigns.drawing import STATED, UNHURRIED, Content, campaign, content, contents, overlay


def faults_of(document: Any) -> set[tuple[str, str]]:  # noqa: ANN401 - anything may be sent
    """Pointer and code of everything that is wrong; nothing when the document is read."""
    try:
        parse_campaign(document)
    except Problem as problem:
        found = problem
    else:
        return set()
    assert found.kind is Kind.INVALID
    assert found.faults
    return {(fault.pointer, fault.code) for fault in found.faults}


@UNHURRIED
@given(contents())
def test_a_campaign_is_written_as_it_was_read(document: Content) -> None:
    read = parse_campaign(document)

    assert parse_campaign(as_content(read)) == read
    assert as_content(parse_campaign(as_content(read))) == as_content(read)


@pytest.mark.parametrize("kind", OverlayKind)
def test_every_kind_of_overlay_can_be_written(kind: OverlayKind) -> None:
    cites = {"act": "快递暂行条例", "version": "2025-06-01", "article": "33"}
    (read,) = campaign(overlay(kind, cites=cites)).overlays

    assert read.kind is kind
    assert (read.source, read.verified) == ("a notice", True)
    assert read.cites is not None
    assert read.cites.article == "33"


def test_overlays_carry_their_own_parameters() -> None:
    ban, ratio, duty = campaign(
        overlay("item_ban", goods=["R-LSS-01", "P04"], on=["delivery"]),
        overlay("agreement_sampling_ratio", ratio=0.3),
        overlay("outlet_duty", text_zh="值守。", text_en="Keep watch."),
    ).overlays

    assert isinstance(ban, ItemBan)
    assert ban.goods == {"R-LSS-01", "P04"}
    assert (ban.on_acceptance, ban.on_delivery) == (False, True)
    assert isinstance(ratio, AgreementSamplingRatio)
    assert ratio.ratio == Decimal("0.3")
    assert isinstance(duty, OutletDuty)
    assert duty.text_en == "Keep watch."


def test_an_overlay_may_have_a_scope_of_its_own() -> None:
    scope = {"origin": ["MOAT", "3704"], "destination": ["CORE", "HK", "RU"], "transport": ["air"], "inbound": True}
    (read,) = campaign(overlay(applies_to=scope)).overlays

    assert read.applies_to == Scope(
        origin=frozenset({"MOAT", "3704"}),
        destination=frozenset({"CORE", "81", "RU"}),
        transports=frozenset({"air"}),
        inbound=True,
    )


@pytest.mark.parametrize("code", ["11", "1100", "110000"])
def test_a_division_may_be_written_in_full(code: str) -> None:
    read = campaign(rings={"CORE": {"divisions": [code], **STATED}})

    assert read.rings["CORE"].divisions == {"11"}


def test_the_transports_are_those_of_a_parcel() -> None:
    assert frozenset(Transport) == TRANSPORTS


def test_a_county_no_table_knows_is_believed_and_named() -> None:
    read = campaign(applies_to={"destination": ["119999", "1101"]})

    assert unknown_divisions(read) == ("119999",)


def test_nothing_of_a_campaign_can_be_changed() -> None:
    read = campaign()

    with pytest.raises(TypeError):
        read.rings["OUTER"] = read.rings["CORE"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        pytest.param(
            {},
            {("/name_zh", "missing"), ("/name_en", "missing"), ("/period", "missing"), ("/overlays", "missing")},
            id="nothing",
        ),
        pytest.param(content(name_en=" "), {("/name_en", "blank")}, id="a name that says nothing"),
        pytest.param(content(name_en="a\nb"), {("/name_en", "control_character")}, id="a name of two lines"),
        pytest.param(content(window=1), {("/window", "extra_forbidden")}, id="an unknown member"),
        pytest.param(content(overlays=[]), {("/overlays", "too_short")}, id="no overlay"),
        pytest.param(content(overlays=["x"]), {("/overlays/0", "dict_type")}, id="an overlay that is none"),
        pytest.param(content({"kind": "loosen", **STATED}), {("/overlays/0/kind", "kind_unknown")}, id="unknown kind"),
        pytest.param(
            content({"kind": ["screen_100"], **STATED}),
            {("/overlays/0/kind", "kind_unknown")},
            id="a kind that is no word",
        ),
        pytest.param(content(dict(STATED)), {("/overlays/0/kind", "missing")}, id="no kind"),
        pytest.param(
            content({"kind": "screen_100"}),
            {("/overlays/0/source", "missing"), ("/overlays/0/verified", "missing")},
            id="nobody knows where from",
        ),
        pytest.param(
            content(overlay(verified="yes")), {("/overlays/0/verified", "bool_type")}, id="verified, they say"
        ),
        pytest.param(
            content(overlay(ratio="0.5")), {("/overlays/0/ratio", "extra_forbidden")}, id="a ratio where there is none"
        ),
        pytest.param(
            content(overlay(cites={"act": "邮政法"})), {("/overlays/0/cites", "citation")}, id="half a citation"
        ),
        pytest.param(
            content(overlay(applies_to="CORE")), {("/overlays/0/applies_to", "dict_type")}, id="a scope that is none"
        ),
        pytest.param(content(applies_to=["CORE"]), {("/applies_to", "dict_type")}, id="the campaign's neither"),
        pytest.param(
            content(applies_to={"destination": ["RIM"]}),
            {("/applies_to/destination/0", "ring_unknown")},
            id="a ring that there is not",
        ),
        pytest.param(
            content(overlay(applies_to={"origin": ["MOAT", "RIM"]})),
            {("/overlays/0/applies_to/origin/1", "ring_unknown")},
            id="nor for an overlay",
        ),
        pytest.param(
            content(applies_to={"destination": []}),
            {("/applies_to/destination", "too_short")},
            id="a condition nobody meets",
        ),
        pytest.param(
            content(applies_to={"destination": ["beijing"]}),
            {("/applies_to/destination/0", "place")},
            id="a place in words",
        ),
        pytest.param(
            content(applies_to={"origin": ["RU"]}),
            {("/applies_to/origin/0", "country")},
            id="nothing is accepted abroad",
        ),
        pytest.param(
            content(applies_to={"destination": ["CN"]}),
            {("/applies_to/destination/0", "country")},
            id="here is no country",
        ),
        pytest.param(
            content(applies_to={"transport": ["ship"]}),
            {("/applies_to/transport/0", "transport_unknown")},
            id="an unknown transport",
        ),
        pytest.param(
            content(applies_to={"inbound": True}),
            {("/applies_to/inbound", "needs_destination")},
            id="inbound to nowhere",
        ),
        pytest.param(
            content(applies_to={"destination": ["CORE", "CORE"]}),
            {("/applies_to/destination/1", "duplicate")},
            id="a ring twice",
        ),
        pytest.param(
            content(rings={"core": {"divisions": ["11"], **STATED}}),
            {("/rings", "ring_name")},
            id="a ring in small letters",
        ),
        pytest.param(content(rings={"CORE": 11}), {("/rings/CORE", "model_type")}, id="a ring that is none"),
        pytest.param(
            content(rings={"CORE": {"divisions": ["11", "110000"], **STATED}}),
            {("/rings/CORE/divisions/1", "duplicate")},
            id="a division in two spellings",
        ),
        pytest.param(
            content(rings={"CORE": {"divisions": ["1", "11010", "北京"], **STATED}}),
            {(f"/rings/CORE/divisions/{i}", "division") for i in range(3)},
            id="no codes of divisions",
        ),
        pytest.param(
            content(rings={"CORE": {"divisions": ["99", "1１"], **STATED}}),
            {("/rings/CORE/divisions/0", "province_unknown"), ("/rings/CORE/divisions/1", "division")},
            id="a province that there is not",
        ),
        pytest.param(content(overlay(), overlay()), {("/overlays/1", "duplicate")}, id="an overlay twice"),
        pytest.param(
            content(overlay("agreement_sampling_ratio"), overlay("agreement_sampling_ratio", ratio=1)),
            {("/overlays/1", "duplicate")},
            id="two ratios for the same parcels",
        ),
        pytest.param(
            content(overlay("item_ban", goods=[])), {("/overlays/0/goods", "too_short")}, id="a ban of nothing"
        ),
        pytest.param(
            content(overlay("item_ban", goods=["drone"])),
            {("/overlays/0/goods/0", "string_pattern_mismatch")},
            id="goods in words",
        ),
        pytest.param(
            content(overlay("item_ban", goods=["P04", "P04"])), {("/overlays/0/goods/1", "duplicate")}, id="goods twice"
        ),
        pytest.param(content(overlay("item_ban", on=[])), {("/overlays/0/on", "too_short")}, id="a ban at no moment"),
        pytest.param(
            content(overlay("item_ban", on=["storage"])),
            {("/overlays/0/on/0", "literal_error")},
            id="a ban at an unknown moment",
        ),
        pytest.param(
            content(goods=[{"code": "X-1", "class_code": "R", "name_zh": "物", "name_en": "x", **STATED}]),
            {("/goods/0/code", "not_of_class")},
            id="goods outside of their class",
        ),
        pytest.param(
            content(issuing_documents=[{"title": "通告", "issuer": "局", "dated_on": "20250224", **STATED}]),
            {("/issuing_documents/0/dated_on", "day")},
            id="a day in another spelling",
        ),
    ],
)
def test_what_is_wrong_is_pointed_at(document: Content, faults: set[tuple[str, str]]) -> None:
    assert faults_of(document) == faults


@pytest.mark.parametrize(
    "ratio", ["-0.01", "1.01", "NaN", "Infinity", "half", "0.12345", True, None, -1, 1.5], ids=repr
)
def test_a_ratio_lies_between_none_and_all(ratio: object) -> None:
    faults = faults_of(content(overlay("agreement_sampling_ratio", ratio=ratio)))

    assert {pointer for pointer, _ in faults} == {"/overlays/0/ratio"}


@pytest.mark.parametrize("ratio", [0, 1, "0", "1", "0.25", 0.1, "1.0000"], ids=repr)
def test_none_and_all_are_ratios(ratio: object) -> None:
    assert faults_of(content(overlay("agreement_sampling_ratio", ratio=ratio))) == set()


def test_everything_that_is_wrong_is_told_at_once() -> None:
    document = content(
        overlay(applies_to={"destination": ["RIM"]}),
        overlay("item_ban", on=["never"]),
        name_zh="",
        rings={"CORE": {"divisions": ["99"], **STATED}},
        applies_to={"transport": ["ship"]},
        issuing_documents=[{"title": "通告", "issuer": "局", **STATED}] * 2,
    )
    del document["period"]

    assert {pointer for pointer, _ in faults_of(document)} == {
        "/name_zh",
        "/period",
        "/rings/CORE/divisions/0",
        "/applies_to/transport/0",
        "/overlays/0/applies_to/destination/0",
        "/overlays/1/on/0",
    }


def test_a_notice_and_goods_stand_there_once() -> None:
    notice = {"title": "通告", "issuer": "局", **STATED}
    goods = {"code": "R-X-1", "class_code": "R", "name_zh": "物", "name_en": "Thing", **STATED}
    document = content(issuing_documents=[notice, notice], goods=[goods, goods])

    assert faults_of(document) == {("/issuing_documents/1", "duplicate"), ("/goods/1", "duplicate")}


@pytest.mark.parametrize("document", [[], "x", None, 1])
def test_what_is_no_document_is_refused(document: object) -> None:
    assert faults_of(document)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


@UNHURRIED
@given(contents(), st.data())
def test_whatever_stands_in_a_document_it_is_read_or_refused(document: Content, data: st.DataObject) -> None:
    broken = _with(document, data.draw(_JSON), data)

    assert isinstance(faults_of(broken), set)


def _with(document: Any, foreign: Any, data: st.DataObject) -> Any:  # noqa: ANN401 - JSON
    """The document with something else in one place of it."""
    if isinstance(document, dict) and document and data.draw(st.booleans() | st.just(value=True)):
        member = data.draw(st.sampled_from(sorted(document)))
        return document | {member: _with(document[member], foreign, data)}
    if isinstance(document, list) and document and data.draw(st.booleans()):
        i = data.draw(st.integers(0, len(document) - 1))
        return [*document[:i], _with(document[i], foreign, data), *document[i + 1 :]]
    return foreign
