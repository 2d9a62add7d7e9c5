"""Senders, addressees and contents on the wire."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from acceptance_api.acceptance import Destination, Item, Organisation, Party, SenderKind
from acceptance_api.http.organisations import OrganisationCode
from acceptance_api.http.wire import Address, Code, Country, DivisionCode, In, Line, PersonName, Phone, Quantity


class PersonSender(In):
    """A walk-in sender, identified by a verification of this visit."""

    kind: Literal["person"]
    name: PersonName
    phone: Phone
    address: Address
    verification_id: UUID | None = Field(None, description="Letters need none.")


class OrganisationSender(In):
    """An organisation; its agent at the counter is the person who is verified."""

    kind: Literal["organisation"]
    name: PersonName = Field(description="The agent's name, as on the document.")
    phone: Phone
    address: Address
    verification_id: UUID | None = None
    organisation_name: Line
    organisation_code: OrganisationCode


class AgreementSender(In):
    """A safety-agreement customer: identified when the agreement was signed."""

    kind: Literal["agreement"]
    name: PersonName
    phone: Phone
    address: Address
    agreement_id: UUID
    verification_id: UUID | None = Field(None, description="Needed only where a campaign asks for it.")


Sender = Annotated[PersonSender | OrganisationSender | AgreementSender, Field(discriminator="kind")]


class Addressee(In):
    """Who is to receive the parcel. Nobody checks an addressee's identity, unless a campaign asks for it."""

    name: PersonName
    phone: Phone
    address: Address
    verification_id: UUID | None = Field(
        None, description="A verification of the addressee's document; needed only where a campaign asks for it."
    )


class DestinationIn(In):
    """Where the parcel goes; within China the GB/T 2260 code of the addressee's district."""

    country: Country = "CN"
    division: DivisionCode | None = None


class ItemIn(In):
    """One line of the declared contents."""

    name: Line
    quantity: Quantity = Decimal(1)
    goods_code: Code | None = Field(None, description="The entry of the goods catalogue, if one was picked.")
    documents: list[Code] = Field(
        default_factory=list,  # a default of [] is copied deeply for each line
        max_length=10,
        description="Documents shown for these goods.",
        json_schema_extra={"default": []},
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "毛衣", "quantity": 2}]})


def party_of(party: PersonSender | OrganisationSender | AgreementSender | Addressee) -> Party:
    """The party a body names."""
    return Party(name=party.name, phone=party.phone, address=party.address)


def organisation_of(sender: PersonSender | OrganisationSender | AgreementSender) -> Organisation | None:
    """The organisation behind a sender, if there is one."""
    if not isinstance(sender, OrganisationSender):
        return None
    return Organisation(name=sender.organisation_name, code=sender.organisation_code)


def destination_of(destination: DestinationIn) -> Destination:
    """The destination a body names."""
    return Destination(country=destination.country, division=destination.division)


def item_of(item: ItemIn) -> Item:
    """The line a body names."""
    return Item(name=item.name, quantity=item.quantity, goods_code=item.goods_code, documents=tuple(item.documents))


def kind_of(sender: PersonSender | OrganisationSender | AgreementSender) -> SenderKind:
    """What kind of sender a body names."""
    return SenderKind(sender.kind)
