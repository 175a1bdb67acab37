"""What `customer-graph privacy review` prints: who can see what, beside who did, from the trail of this data folder."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import orjson

from auth.segment import recorded
from auth.trail import FOLDER
from privacy.review import Review, review
from privacy.review_page import page
from server.assembly import rules_of
from server.breach import time_of, trail_told
from server.settings import Settings

USUAL = timedelta(days=90)


def report(settings: Settings, since: datetime | None, until: datetime | None, *, as_json: bool) -> str:
    """The review, as Markdown or JSON; of the last quarter unless said. Raises SettingInvalid and TrailDamaged."""
    since, until = time_of((until or datetime.now(UTC)) - USUAL if since is None else since, until)
    rules, folder = rules_of(settings.policy), settings.data / FOLDER
    found = review(rules.model, rules.policies, rules.views, recorded(folder, since, until), since, until)
    told = trail_told(folder)
    return _json(found, told) if as_json else page(found, told)


def _json(found: Review, told: str) -> str:
    said = {"trail": told, **asdict(found)}
    return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
