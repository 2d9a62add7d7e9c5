"""The order of assurance."""

from itertools import pairwise

from acceptance_api.identity.model import Answer, Assurance, AuthorityAnswer


def test_each_assurance_is_stronger_than_the_one_before() -> None:
    assert all(strong.at_least(weak) and not weak.at_least(strong) for weak, strong in pairwise(Assurance))


def test_what_a_chip_says_is_stronger_than_what_a_clerk_typed() -> None:
    assert Assurance.CHIP_READ.at_least(Assurance.CLAIMED)


def test_nobody_asked_is_nobody_paid() -> None:
    assert AuthorityAnswer.not_asked("structural") == AuthorityAnswer(answer=Answer.NOT_ASKED, authority="structural")
