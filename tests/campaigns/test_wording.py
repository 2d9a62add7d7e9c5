"""Every measure can be said to a person at an outlet, in both languages."""

import pytest

from acceptance_api.campaigns import OverlayKind, worded
from tests.campaigns.drawing import campaign, overlay


@pytest.mark.parametrize("kind", OverlayKind)
def test_every_kind_has_its_sentence(kind: OverlayKind) -> None:
    (one,) = campaign(overlay(kind)).overlays
    text = worded(one)

    assert text.zh.endswith("。")
    assert text.en.isascii()
    assert text.en.endswith(".")


def test_no_two_kinds_are_said_alike() -> None:
    asked = campaign(*(overlay(kind) for kind in OverlayKind)).overlays

    assert len({worded(one) for one in asked}) == len(OverlayKind)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (["acceptance", "delivery"], "Neither accept nor deliver the listed goods."),
        (["acceptance"], "Do not accept the listed goods."),
        (["delivery"], "Do not deliver the listed goods."),
    ],
)
def test_a_ban_says_what_may_not_be_done(on: list[str], said: str) -> None:
    (ban,) = campaign(overlay("item_ban", on=on)).overlays

    assert worded(ban).en == said


@pytest.mark.parametrize(("ratio", "percent"), [("0.3", "30 %"), ("1", "100 %"), ("0.125", "12.5 %"), ("0", "0 %")])
def test_a_ratio_is_said_in_percent(ratio: str, percent: str) -> None:
    (one,) = campaign(overlay("agreement_sampling_ratio", ratio=ratio)).overlays

    assert f"at least {percent} of" in worded(one).en
