"""The page of problems: what can go wrong with a request, and what each reader of it does."""

from acceptance_api.documentation.markdown import NOTICE, table
from acceptance_api.http.problems import STATUS
from acceptance_api.kernel.problems import Kind

_INTRODUCTION = """# Problems

A request that cannot be served is answered with a problem document (RFC 9457, `application/problem+json`). Its `code`
is stable; `type` is `/problems/<code>`; `title` follows `Accept-Language` (zh-CN or en); `errors` points at each fault
by JSON pointer and never repeats a value. A parcel that is refused or held is no problem: see [grounds](grounds.md).

*Retry* says whether the very same request, with the same `Idempotency-Key`, may succeed later."""


def problems_page() -> str:
    """Every kind of problem by status, with what the clerk, the developer and the person on call do."""
    kinds = sorted(Kind, key=lambda kind: (STATUS[kind.value.nature], kind.code))
    rows = [
        [f"[`{kind.code}`](#{kind.code})", f"{STATUS[kind.value.nature]}", _retry(kind), kind.value.zh, kind.value.en]
        for kind in kinds
    ]
    overview = table(["Code", "Status", "Retry", "标题", "Title"], rows)
    return "\n\n".join([NOTICE, _INTRODUCTION, overview, *map(_section, kinds)]) + "\n"


def _section(kind: Kind) -> str:
    meaning = kind.value
    return "\n".join(
        [
            f"## {kind.code}",
            "",
            f"{STATUS[meaning.nature]} · {meaning.zh} · {meaning.en}",
            "",
            f"- Clerk: {meaning.clerk}",
            f"- Enterprise developer: {meaning.developer}",
            f"- Person on call: {meaning.on_call}",
        ]
    )


def _retry(kind: Kind) -> str:
    if not kind.value.retryable:
        return "no"
    return "yes" if kind.value.retry_after_s is None else f"after {kind.value.retry_after_s} s"
