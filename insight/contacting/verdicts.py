"""Verdicts: what the core found, as a role is told it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from graph.view import View
from insight.channel import WORDS, Refusal, Verdict, may_again, may_contact
from insight.contacting.facts import Facts, situation_of
from insight.contacting.sight import fields_of, told
from resolvers.sending import check_channel, check_purpose
from schema.contact_rules import ContactRules

OTHER, OTHER_WORDS = "OTHER", "something that your role is not shown"


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict as a role is told it: names of reasons with their words, and the fields from which those follow."""

    allowed: bool
    channel: str
    reasons: tuple[tuple[str, str], ...]
    again: datetime | None
    fields: tuple[str, ...]

    @property
    def words(self) -> str:
        """The verdict in a sentence."""
        if self.allowed:
            return f"{self.channel} may be used."
        return f"{self.channel} may not be used: {'; '.join(words for _, words in self.reasons)}."

    def shown(self) -> dict[str, Any]:
        """As the API tells it."""
        return {
            "__typename": "ContactVerdict",
            "allowed": self.allowed,
            "channel": self.channel,
            "reasons": [
                {"__typename": "ContactReason", "reason": name, "words": words} for name, words in self.reasons
            ],
            "words": self.words,
            "again": written(self.again),
        }


def check(view: View, rules: ContactRules, purpose: str, channel: str | None = None) -> None:
    """Raises ContactPurposeRefused for a purpose that the role does not contact for, ValueInvalid for a channel on
    which the company does not send.
    """
    check_purpose(view, purpose)
    if channel is not None:
        check_channel(rules, channel)


def verdict_of(
    view: View, rules: ContactRules, facts: Facts, channel: str, purpose: str, campaign: str | None, now: datetime
) -> Told:
    """Whether the customer may be contacted, by everything the graph knows; why not, as far as the role is told."""
    may_know = told(view, rules, facts, channel, purpose)
    if Refusal.WITHDRAWN_IN_MESSAGE not in may_know:  # what it makes unlawful stands in her standings all the same
        facts = replace(facts, found=[one for one in facts.found if not one["purposes"]])
    situation = situation_of(facts, rules, now)
    found = may_contact(situation, channel, purpose, campaign)
    again = may_again(situation, channel, purpose, campaign, frozenset(may_know))
    return told_of(found, frozenset(may_know), again, fields_of(may_know.values()))


def told_of(found: Verdict, may_know: Collection[Refusal], again: datetime | None, fields: tuple[str, ...]) -> Told:
    """A verdict without what a role is not told. When to ask again is known where all reasons are."""
    hidden = [one for one in found.refusals if one not in may_know]
    reasons = [(one.name, WORDS[one]) for one in found.refusals if one in may_know]
    if hidden:
        reasons.append((OTHER, OTHER_WORDS))
    return Told(found.allowed, found.channel, tuple(reasons), None if hidden else again, fields)


def written(moment: datetime | None) -> str | None:
    """A moment as the API writes it, never too early: the whole second after it."""
    if moment is None:
        return None
    whole = moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)
    return whole.strftime("%Y-%m-%dT%H:%M:%SZ")
