"""Rule sets: rules as data in dated editions, proposed by one person, approved by another, never edited."""

from acceptance_api.rulesets.digests import digest_of
from acceptance_api.rulesets.model import (
    INSTALLATION,
    Found,
    Layer,
    Outcome,
    Parse,
    Proposal,
    ProposeRuleSet,
    RuleSet,
    RuleSetKey,
    Signature,
    State,
)
from acceptance_api.rulesets.policy import CONTENT_BYTES_MAX, in_force, newest_approved
from acceptance_api.rulesets.proposing import propose_rule_set
from acceptance_api.rulesets.reviewing import approve_rule_set, reject_rule_set
from acceptance_api.rulesets.shelf import Shelf
from acceptance_api.rulesets.store import find_approved, find_editions, find_proposal, find_proposals, find_rule_sets

__all__ = [
    "CONTENT_BYTES_MAX",
    "INSTALLATION",
    "Found",
    "Layer",
    "Outcome",
    "Parse",
    "Proposal",
    "ProposeRuleSet",
    "RuleSet",
    "RuleSetKey",
    "Shelf",
    "Signature",
    "State",
    "approve_rule_set",
    "digest_of",
    "find_approved",
    "find_editions",
    "find_proposal",
    "find_proposals",
    "find_rule_sets",
    "in_force",
    "newest_approved",
    "propose_rule_set",
    "reject_rule_set",
]
