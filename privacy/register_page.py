"""The record of processing activities as a page in Markdown, for the file that a supervisory authority may ask for."""

from collections.abc import Iterator
from datetime import date

from privacy.register import WHOLE, Activity, Recipient, Register
from schema.governance import Controller, Retention, Staying

UNSAID = "not stated: write it under [controller] in the file that CUSTOMER_GRAPH_GOVERNANCE names"


def page(found: Register, today: date) -> str:
    """The text, as of a day."""
    return "\n".join(_lines(found, today)) + "\n"


def _lines(found: Register, today: date) -> Iterator[str]:
    yield "# Record of processing activities (GDPR art. 30(1))"
    yield ""
    yield f"As of {today:%Y-%m-%d}. Made of the policies, the registry and the rules of retention that are in force."
    yield ""
    yield from _controller(found.controller)
    for one in found.activities:
        yield ""
        yield from _activity(one)
    yield ""
    yield "## When it goes"
    yield ""
    yield _carried_out(found.hours)
    yield ""
    yield from map(_limit, found.limits)
    if found.unlimited:
        yield f"- No rule says when these go as a whole: {', '.join(found.unlimited)}."
    yield ""
    yield "Who asks to be forgotten is erased (art. 17), and the systems that the data is from are told. What stays:"
    yield ""
    yield from map(_staying, found.staying)
    if not found.staying:
        yield "- Nothing."
    yield ""
    yield "## Measures of security (art. 32)"
    yield ""
    yield "- What a role may not see does not leave the database; each look at personal data is on record first."
    yield "- What defends against which threat, and the test that shows it: docs/security-model.md."
    yield from (f"- {one}" for one in found.controller.measures)
    if found.unused:
        yield ""
        yield f"No policy grants a view for: {', '.join(found.unused)}."


def _controller(said: Controller) -> Iterator[str]:
    yield "## Controller"
    yield ""
    yield f"- Controller: {said.name or UNSAID}"
    yield f"- Contact: {said.contact or UNSAID}"
    if said.representative:
        yield f"- Representative: {said.representative}"
    yield f"- Data protection officer: {said.officer or UNSAID}"
    yield from (f"- Transfer to a third country: {one}" for one in said.transfers)
    if not said.transfers:
        yield f"- Transfers to third countries: {UNSAID}"


def _activity(one: Activity) -> Iterator[str]:
    yield f"## {one.purpose}"
    yield ""
    yield f"{one.about} It rests on {one.basis.words}, where no decision of the person says otherwise."
    yield ""
    yield f"- Of whom: {'; '.join(one.persons) or 'nobody'}."
    yield from (f"- {kind}: {', '.join(categories)}." for kind, categories in one.data.items())
    yield ""
    for recipient in one.recipients:
        yield from _recipient(recipient)


def _recipient(one: Recipient) -> Iterator[str]:
    yield f"Disclosed to **{one.role}** ({one.owner}): {one.about}"
    parts = [
        f"{seen.type} ({', '.join(name for name, how in seen.categories.items() if how != WHOLE)})"
        for seen in one.seen
        if any(how != WHOLE for how in seen.categories.values())
    ]
    if parts:
        yield f"In part, masked or under conditions only: {', '.join(parts)}."
    if one.changes:
        yield f"May change data by {', '.join(one.changes)}."
    yield ""


def _carried_out(hours: int) -> str:
    if hours:
        return f"The rules are carried out every {hours} hours, and loads keep to them."
    return "The rules are carried out by command alone (privacy retention), and loads do not keep to them."


def _staying(one: Staying) -> str:
    since = f"after {one.since}" if one.since else "after the erasure"
    return f"- {one.type}: {', '.join(one.fields)}; {one.months} months {since}. {one.why}"


def _limit(one: Retention) -> str:
    what = one.type if one.whole else f"{one.type}.{', '.join(one.fields)}"
    return f"- {what}: {one.in_words()}. {one.why}"
