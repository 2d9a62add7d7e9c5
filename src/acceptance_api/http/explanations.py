"""What a problem means, at the address that its `type` names: readable where the service is, without any other host."""

from fastapi import APIRouter, Response

from acceptance_api.http.problems import STATUS
from acceptance_api.http.wire import Out
from acceptance_api.kernel.problems import Kind, Problem

router = APIRouter(prefix="/problems", include_in_schema=False)


class ExplanationOut(Out):
    """A kind of problem in both languages, and what each reader of it should do."""

    code: str
    status: int
    title_zh: str
    title_en: str
    clerk: str
    developer: str
    on_call: str
    retryable: bool


@router.get("/{code}")
async def explain_problem(code: str, response: Response) -> ExplanationOut:
    """One kind of problem, by its code."""
    kind = next((kind for kind in Kind if kind.code == code), None)
    if kind is None:
        raise Problem(Kind.NOT_FOUND)
    response.headers["Cache-Control"] = "public, max-age=3600"
    described = kind.value
    return ExplanationOut(
        code=kind.code,
        status=STATUS[described.nature],
        title_zh=described.zh,
        title_en=described.en,
        clerk=described.clerk,
        developer=described.developer,
        on_call=described.on_call,
        retryable=described.retryable,
    )
