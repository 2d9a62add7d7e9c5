"""What the page tells a regulator to write is what is read."""

import json
import re
from pathlib import Path

from acceptance_api.campaigns import OverlayKind, measures, parse_campaign, unknown_divisions
from tests.campaigns.drawing import passage

PAGE = (Path(__file__).parents[2] / "docs" / "campaigns.md").read_text("utf-8")
(EXAMPLE,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_is_read_and_binds_a_parcel_into_beijing() -> None:
    campaign = parse_campaign(json.loads(EXAMPLE))
    found = measures([("example@1", campaign)], passage("310101", "110105"))

    assert unknown_divisions(campaign) == ()
    assert found.screening_required_by == found.rescreen_at_destination_by == ("example@1",)
    assert [one.ban.names("R-LSS-02", "R") for one in found.item_bans] == [True]


def test_the_examples_zero_reports_are_asked_of_the_ring_only() -> None:
    campaign = parse_campaign(json.loads(EXAMPLE))

    assert measures([("example@1", campaign)], passage("120101", "110105")).zero_report_by
    assert not measures([("example@1", campaign)], passage("310101", "110105")).zero_report_by


def test_every_kind_of_overlay_has_its_line() -> None:
    assert re.findall(r"^\| `(\w+)` \| ", PAGE.partition("| `kind` |")[2], re.MULTILINE) == list(OverlayKind)
