"""Peer P3: Django REST framework and django-fernet-encrypted-fields, after their documentation, served by gunicorn.

Nested serializers, model fields that encrypt themselves, `transaction.atomic`, five tables (eleven rows for a parcel of
six lines, by `bulk_create`), SELECT-then-INSERT idempotency, a JWT verified on every request and its client looked up,
persistent connections. Checks no verification, inspection, screening, goods or agreement; cannot be searched.
"""

# A peer is written as its users write it, and its libraries are not there where types are checked.
# ruff: noqa: ARG002, D101, D102, D103, D106, DJ008, E402, SLF001, TID251
# mypy: ignore-errors

import hashlib
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django
import jwt
from django.conf import settings

SECRET = os.environ["PEER_SECRET"]
CLIENT_ID = os.environ["PEER_CLIENT_ID"]
_url = urlsplit(os.environ["PEER_DATABASE_URL"])
_database = {"NAME": _url.path.lstrip("/"), "USER": _url.username, "HOST": unquote(parse_qs(_url.query)["host"][0])}
settings.configure(
    SECRET_KEY=SECRET,
    SALT_KEY=SECRET[::-1],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, **_database}},
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.urls import path
from encrypted_fields.fields import EncryptedCharField, EncryptedTextField
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Row(models.Model):
    class Meta:
        abstract, app_label = True, "peer"


class Client(Row):
    id = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=64)
    is_authenticated = True


class Acceptance(Row):
    id = models.UUIDField(primary_key=True)
    waybill = models.CharField(max_length=40, unique=True)
    client = models.ForeignKey(Client, models.PROTECT)
    clerk_id = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    division = models.CharField(max_length=6)
    transport = models.CharField(max_length=24)
    contents_kind = models.CharField(max_length=24)
    weight_g = models.PositiveIntegerField(null=True)
    verification_id = models.UUIDField(null=True)
    inspection_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=16)
    recorded_at = models.DateTimeField(db_index=True)


class Party(Row):
    acceptance = models.ForeignKey(Acceptance, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=16)
    name = EncryptedCharField(max_length=100)
    phone = EncryptedCharField(max_length=40)
    address = EncryptedTextField()


class Item(Row):
    acceptance = models.ForeignKey(Acceptance, models.CASCADE, related_name="items")
    name = EncryptedTextField()
    quantity = models.PositiveIntegerField()


class AuditEntry(Row):
    at = models.DateTimeField()
    action = models.CharField(max_length=64)
    client = models.ForeignKey(Client, models.PROTECT)
    subject_id = models.UUIDField(db_index=True)
    detail = models.JSONField()


class IdempotencyKey(Row):
    key = models.CharField(primary_key=True, max_length=128)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField()


class PartyIn(serializers.Serializer):
    name = serializers.CharField(max_length=100)
    phone = serializers.CharField(min_length=7, max_length=40)
    address = serializers.CharField(min_length=2, max_length=300)


class SenderIn(PartyIn):
    verification_id = serializers.UUIDField(allow_null=True, default=None)


class DestinationIn(serializers.Serializer):
    country, division = serializers.RegexField(r"^[A-Z]{2}$"), serializers.RegexField(r"^[0-9]{6}$")


class ItemIn(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000)


class AcceptanceIn(serializers.Serializer):
    id = serializers.UUIDField()
    waybill = serializers.RegexField(r"^[A-Z0-9][A-Z0-9-]{5,38}[A-Z0-9]$")
    sender = SenderIn()
    addressee = PartyIn()
    destination = DestinationIn()
    transport = serializers.ChoiceField(["ground", "air"], default="ground")
    contents_kind = serializers.CharField(max_length=24)
    contents = ItemIn(many=True, allow_empty=False)
    weight_g = serializers.IntegerField(min_value=1, allow_null=True, default=None)
    inspection_id = serializers.UUIDField(allow_null=True, default=None)


class Bearer(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Client, None]:
        try:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            claims = jwt.decode(token, SECRET, algorithms=["HS256"])
            return Client.objects.get(pk=claims["sub"]), None
        except (jwt.InvalidTokenError, Client.DoesNotExist):
            raise exceptions.AuthenticationFailed from None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class AcceptancesView(APIView):
    authentication_classes = (Bearer,)

    @transaction.atomic
    def post(self, request: Request) -> Response:
        key, fingerprint = request.headers["Idempotency-Key"], hashlib.sha256(request._request.body).hexdigest()
        if (known := IdempotencyKey.objects.filter(pk=key).first()) is not None:
            if known.fingerprint != fingerprint:
                raise exceptions.ValidationError("the key was used for another request")
            return Response(known.answer, status=201)
        body = AcceptanceIn(data=request.data)
        body.is_valid(raise_exception=True)
        answer = create(body.validated_data, request.user, request.headers["Clerk-Id"])
        IdempotencyKey.objects.create(key=key, fingerprint=fingerprint, answer=answer)
        return Response(answer, status=201)

    def get(self, request: Request, acceptance_id: str) -> Response:
        sender = get_object_or_404(Party, acceptance_id=acceptance_id, role="sender")
        return Response(PartyIn(sender).data)


def create(said: dict[str, Any], client: Client, clerk_id: str) -> dict[str, Any]:
    sender, addressee, contents = said.pop("sender"), said.pop("addressee"), said.pop("contents")
    verification_id, now = sender.pop("verification_id"), datetime.now(UTC)
    given = {"client": client, "clerk_id": clerk_id, "verification_id": verification_id, "recorded_at": now}
    acceptance = Acceptance.objects.create(**given, **said.pop("destination"), **said, outcome="accepted")
    parties = (("sender", sender), ("addressee", addressee))
    Party.objects.bulk_create(Party(acceptance=acceptance, role=role, **party) for role, party in parties)
    Item.objects.bulk_create(Item(acceptance=acceptance, **line) for line in contents)
    about = {"client": client, "subject_id": acceptance.pk, "detail": {"outcome": "accepted"}}
    AuditEntry.objects.create(at=now, action="acceptance.decided", **about)
    decided = {"decision": {"outcome": "accepted"}, "recorded_at": now.isoformat()}
    return {"id": str(acceptance.pk), "waybill": acceptance.waybill, **decided}


urlpatterns = [
    path("counter/v1/acceptances", AcceptancesView.as_view()),
    path("counter/v1/acceptances/<uuid:acceptance_id>/sender", AcceptancesView.as_view()),
]
with connection.schema_editor() as editor:
    for model in (Client, Acceptance, Party, Item, AuditEntry, IdempotencyKey):
        editor.create_model(model)
Client.objects.create(id=CLIENT_ID, name="counter")
application = get_wsgi_application()
