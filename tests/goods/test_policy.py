"""What may be sent, how much of it, and with which documents."""

from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal

import pytest

from acceptance_api.goods import Reason, Verdict, edition_on, judge

EDITION = edition_on(date(2026, 1, 1))
KNIFE_PAPERS = frozenset({"identity_document", "purchase_invoice"})
NO_PAPERS: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("code", "quantity", "documents", "verdict", "reason", "satisfied"),
    [
        pytest.param("P04-10", 1, NO_PAPERS, "ban", "prohibited", False, id="a lighter"),
        pytest.param("P04-10", 0, KNIFE_PAPERS, "ban", "prohibited", False, id="no paper lifts a ban"),
        pytest.param("R-01", 400, NO_PAPERS, "limit", "within_limit", True, id="400 cigarettes"),
        pytest.param("R-01", 401, NO_PAPERS, "limit", "over_limit", False, id="401 cigarettes"),
        pytest.param("R-02", Decimal("5.000"), NO_PAPERS, "limit", "within_limit", True, id="5 kg of tobacco leaf"),
        pytest.param("R-02", Decimal("5.001"), NO_PAPERS, "limit", "over_limit", False, id="a gram more"),
        pytest.param("R-04", 1, KNIFE_PAPERS, "condition", "conditions_met", True, id="a knife with papers"),
        pytest.param("R-04", 1, {"purchase_invoice"}, "condition", "documents_missing", False, id="one paper of two"),
        pytest.param("R-06", 100, {"un38_3_report"}, "limit", "within_limit", True, id="100 Wh with report"),
        pytest.param("R-06", 100, NO_PAPERS, "limit", "documents_missing", False, id="100 Wh without report"),
        pytest.param("R-06", 101, {"un38_3_report"}, "limit", "over_limit", False, id="101 Wh"),
        pytest.param("R-25", 1, {"wildlife_permit"}, "condition", "documents_missing", False, id="no quarantine"),
        pytest.param("G-01", 10_000, NO_PAPERS, "ok", "allowed", True, id="clothes"),
    ],
)
def test_judge(
    code: str, quantity: Decimal | int, documents: AbstractSet[str], verdict: str, reason: str, *, satisfied: bool
) -> None:
    judgement = judge(EDITION, code, quantity=quantity, documents=documents)

    assert judgement is not None
    assert (judgement.goods.code, judgement.verdict, judgement.reason) == (code, verdict, reason)
    assert judgement.satisfied is satisfied


@pytest.mark.parametrize(
    ("code", "division", "reason"),
    [
        pytest.param("R-05", "110105", Reason.PROHIBITED, id="a long knife in Beijing"),
        pytest.param("R-05", "310101", Reason.NOT_BOUND_HERE, id="a long knife elsewhere"),
        pytest.param("R-05", None, Reason.PROHIBITED, id="place not told: the stricter rule"),
        pytest.param("P02-01", "310101", Reason.PROHIBITED, id="a dagger anywhere"),
    ],
)
def test_a_local_rule_binds_local_outlets_only(code: str, division: str | None, reason: Reason) -> None:
    judgement = judge(EDITION, code, quantity=1, documents=NO_PAPERS, division=division)

    assert judgement is not None
    assert judgement.reason is reason
    assert judgement.satisfied is (reason is Reason.NOT_BOUND_HERE)


def test_an_unknown_code_is_not_judged() -> None:
    assert judge(EDITION, "X-01", quantity=1, documents=NO_PAPERS) is None


def test_nothing_banned_is_ever_satisfied() -> None:
    every_paper = frozenset().union(*(goods.required_documents for goods in EDITION.goods))
    banned = [goods.code for goods in EDITION.goods if goods.verdict is Verdict.BAN]
    judgements = [judge(EDITION, code, quantity=0, documents=every_paper) for code in banned]

    assert not any(judgement is None or judgement.satisfied for judgement in judgements)
