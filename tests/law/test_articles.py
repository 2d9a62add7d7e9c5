"""Every duty has one article on every day, and the renumbering of 2025 is followed."""

from datetime import date, timedelta

import pytest

from acceptance_api.law import Citation, Duty, articles, cite, title_of

FIRST, LAST = date(2019, 3, 2), date(2027, 12, 31)
BEFORE, AFTER = date(2025, 5, 31), date(2025, 6, 1)


@pytest.mark.parametrize("duty", Duty)
def test_every_duty_has_exactly_one_article_on_every_day(duty: Duty) -> None:
    rows = [article for article in articles() if article.duty is duty]
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))

    assert [day for day in days if sum(row.is_in_force(day) for row in rows) != 1] == []


@pytest.mark.parametrize(
    ("duty", "old", "new"),
    [
        (Duty.TERMINAL_FILING, "18", "19"),
        (Duty.UNIFIED_MANAGEMENT, "19", "20"),
        (Duty.STAFF_TRAINING, "20", "21"),
        (Duty.IDENTITY_CHECK, "22", "23"),
        (Duty.DECLARATION, "22", "23"),
        (Duty.WAYBILL_PRIVACY, "22", "23"),
        (Duty.COMPLAINTS, "28", "29"),
        (Duty.GOODS_RULES, "30", "31"),
        (Duty.INSPECTION, "31", "32"),
        (Duty.INSPECTION_MARK, "31", "32"),
        (Duty.AGREEMENT, "31", "32"),
        (Duty.SCREENING, "32", "33"),
        (Duty.SCREENING_MARK, "32", "33"),
        (Duty.PROHIBITED_GOODS, "33", "34"),
        (Duty.WAYBILL_DATA, "34", "35"),
        (Duty.INCIDENT_REPORT, "35", "36"),
        (Duty.SUPERVISION_DATA, "38", "48"),
        (Duty.PENALTIES_ACCEPTANCE, "43", "53"),
        (Duty.PENALTIES_USER_DATA, "44", "54"),
    ],
)
def test_the_express_regulations_were_renumbered_on_1_june_2025(duty: Duty, old: str, new: str) -> None:
    assert cite(duty, on=BEFORE) == Citation(act="快递暂行条例", version="2019-03-02", article=old)
    assert cite(duty, on=AFTER) == Citation(act="快递暂行条例", version="2025-06-01", article=new)


@pytest.mark.parametrize(
    ("duty", "act", "article"),
    [
        (Duty.INSPECTION_LETTERS, "邮政法", "25"),
        (Duty.PARCEL_DIMENSIONS, "邮政法", "84"),
        (Duty.STATE_ORGAN_DOCUMENTS, "邮政法", "55"),
        (Duty.REGISTRATION, "反恐怖主义法", "20"),
        (Duty.PENALTIES, "反恐怖主义法", "85"),
        (Duty.WILDLIFE, "野生动物保护法", "34"),
        (Duty.TOBACCO, "烟草专卖法", "22"),
        (Duty.IDENTITY_DOCUMENTS, "邮件快件实名收寄管理办法", "3"),
        (Duty.GOODS_CATALOGUE, "禁止寄递物品管理规定", "3"),
    ],
)
def test_other_acts_kept_their_numbers(duty: Duty, act: str, article: str) -> None:
    cited = cite(duty, on=AFTER)

    assert (cited.act, cited.article) == (act, article)


@pytest.mark.parametrize(
    ("duty", "act", "article"),
    [
        (Duty.IDENTITY_CHECK, "反恐怖主义法", "20"),
        (Duty.SCREENING, "反恐怖主义法", "20"),
        (Duty.INSPECTION, "邮政法", "25"),
        (Duty.GOODS_RULES, "邮政法", "24"),
    ],
)
def test_before_the_express_regulations_the_laws_above_them_are_cited(duty: Duty, act: str, article: str) -> None:
    cited = cite(duty, on=date(2018, 4, 30))

    assert (cited.act, cited.article) == (act, article)
    assert cite(duty, on=date(2018, 5, 1)).act == "快递暂行条例"


def test_a_day_before_every_known_text_has_no_citation() -> None:
    with pytest.raises(LookupError, match="identity_check on 2015-12-31"):
        cite(Duty.IDENTITY_CHECK, on=date(2015, 12, 31))


def test_every_cited_act_has_both_titles() -> None:
    titles = [title_of(article.citation.act) for article in articles()]

    assert all(title.zh and title.en.isascii() for title in titles)


def test_a_text_is_never_cited_before_it_took_effect() -> None:
    assert [row for row in articles() if date.fromisoformat(row.citation.version) > row.valid_from] == []


def test_every_article_names_its_source() -> None:
    assert [row for row in articles() if not row.source] == []


def test_what_is_only_remembered_is_flagged() -> None:
    unread = {(row.duty, row.citation.version) for row in articles() if not row.verified}

    assert (Duty.WILDLIFE, "2018-10-26") in unread
    assert not {duty for duty, version in unread if version == "2025-06-01"}
