"""The digest of a rule set: whoever has the trail can tell that an edition is what was approved."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from acceptance_api.rulesets.model import ProposeRuleSet, RuleSet


def canonical(value: Any) -> bytes:  # noqa: ANN401 - a JSON document
    """JSON in one spelling: members sorted, no blanks, UTF-8.

    Raises:
        ValueError: a number that JSON does not have, or half a surrogate pair.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(rule_set: RuleSet | ProposeRuleSet) -> bytes:
    """SHA-256 over layer, owner, kind, name, window and content.

    Raises:
        ValueError: the content is not JSON.
    """
    stated: Mapping[str, Any] = {
        "layer": rule_set.layer.value,
        "owner_id": str(rule_set.owner_id),
        "kind": rule_set.kind,
        "name": rule_set.name,
        "starts_at": _instant(rule_set.starts_at),
        "ends_at": _instant(rule_set.ends_at) if rule_set.ends_at else None,
        "content": rule_set.content,
    }
    return hashlib.sha256(canonical(stated)).digest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
