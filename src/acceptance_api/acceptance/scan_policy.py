"""What is to be done with a parcel under way: each later scan judges it anew, by the campaigns in force then. Pure."""

from collections.abc import Iterator

from acceptance_api.acceptance.scan_model import Instruction, ScanKnown, ScanReason, Stage, Why
from acceptance_api.campaigns import Measures

_ACCEPTED = "accepted"
_BEFORE_HAND_OVER = frozenset({Stage.AT_DESTINATION, Stage.OUT_FOR_DELIVERY, Stage.DELIVERED})
_HAND_OVER = frozenset({Stage.OUT_FOR_DELIVERY, Stage.DELIVERED})


def judge_scan(known: ScanKnown, stage: Stage, measures: Measures) -> tuple[Instruction, tuple[Why, ...]]:
    """Every rule is asked; the heaviest reason decides.

    What holds a parcel comes before what returns it: dangerous or criminal goods never go back to the sender.
    """
    reasons = (*_held(known), *_forbidden(known, stage, measures), *_unscreened(known, stage, measures))
    heaviest = max(
        (why.reason.value.instruction for why in reasons), key=lambda one: one.rank, default=Instruction.PROCEED
    )
    return heaviest, reasons


def _held(known: ScanKnown) -> Iterator[Why]:
    if known.outcome != _ACCEPTED:
        yield Why(reason=ScanReason.NOT_ACCEPTED)
    if known.is_intercepted:
        yield Why(reason=ScanReason.INTERCEPTED)
    if known.is_under_examination:
        yield Why(reason=ScanReason.SENDER_UNDER_EXAMINATION)
    if any(one.verdict == "prohibited" for one in known.passes):
        yield Why(reason=ScanReason.SCREENING_PROHIBITED)
    elif known.passes and known.passes[-1].verdict == "suspect":
        yield Why(reason=ScanReason.SCREENING_SUSPECT)


def _forbidden(known: ScanKnown, stage: Stage, measures: Measures) -> Iterator[Why]:
    """Goods that a campaign does not let be delivered stop at their destination at the latest."""
    if stage not in _BEFORE_HAND_OVER:
        return
    for code, class_code in known.goods:
        for binding in measures.item_bans:
            if binding.ban.on_delivery and binding.ban.names(code, class_code):
                yield Why(reason=ScanReason.GOODS_FORBIDDEN, about=code, by=binding.version)


def _unscreened(known: ScanKnown, stage: Stage, measures: Measures) -> Iterator[Why]:
    """Of two duties the later one is told first: who has no mark at all is sent back, not screened again."""
    if not any(one.labelled and one.verdict == "clear" for one in known.passes):
        for by in measures.return_without_mark_by:
            yield Why(reason=ScanReason.NO_SCREENING_MARK, by=by)
    if not known.passes:
        for by in measures.screening_required_by:
            yield Why(reason=ScanReason.NOT_SCREENED, by=by)
    if stage in _HAND_OVER and not _screened_again(known):
        for by in measures.rescreen_at_destination_by:
            yield Why(reason=ScanReason.NOT_SCREENED_AGAIN, by=by)


def _screened_again(known: ScanKnown) -> bool:
    """Whether it was screened where it is delivered; of a parcel that was accepted there too, the first does not do."""
    clear = [one for one in known.passes if one.verdict == "clear"]
    return any(one.here for one in clear) and len(clear) > (1 if known.accepted_here else 0)
