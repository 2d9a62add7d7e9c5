"""Who can say whether a name and a number belong to one person."""

from typing import Protocol

from acceptance_api.identity.model import AuthorityAnswer


class IdentityAuthority(Protocol):
    """Somebody outside who keeps, or can ask, the register of the population."""

    @property
    def name(self) -> str:
        """What it is called in records and logs."""
        ...

    async def ask(self, name: str, number: str) -> AuthorityAnswer:
        """Ask whether the name and the number belong together.

        Answers always: an authority that fails, refuses or babbles is an answer too.
        """
        ...


class StructuralAuthority:
    """Asks nobody: the number's own structure is all that is known, and the answer says so."""

    name = "structural"

    async def ask(self, name: str, number: str) -> AuthorityAnswer:  # noqa: ARG002 - nobody is told
        """Say that nobody was asked."""
        return AuthorityAnswer.not_asked(self.name)
