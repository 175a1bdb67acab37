"""What `customer-graph privacy report` prints: the record of processing activities of what is in force."""

from dataclasses import asdict
from datetime import UTC, datetime

import orjson

from privacy.register import Register, register
from privacy.register_page import page
from schema.governance import Controller, read_governance
from server.assembly import rules_of
from server.settings import Settings


def report(settings: Settings, *, as_json: bool) -> str:
    """The record, as Markdown or JSON. Raises PolicyInvalid, ModelInvalid and GovernanceInvalid."""
    rules = rules_of(settings.policy)
    governance = read_governance(rules.model, settings.governance)
    found = register(rules.model, rules.policies, rules.views, governance, settings.retention_hours)
    return _json(found) if as_json else page(found, datetime.now(UTC).date())


def _json(found: Register) -> str:
    def told(value: object) -> object:
        if isinstance(value, Controller):
            return value.model_dump()
        raise TypeError

    return orjson.dumps(asdict(found), default=told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
