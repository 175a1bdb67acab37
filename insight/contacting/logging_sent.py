"""logOutreach: a sender says that it sends, and hears whether it may, in one transaction.

The customer is locked before what she was sent is read, so that two senders never both take the last place under a cap.
What is refused writes nothing.
"""

from typing import Any

import strawberry

from graph.emit_contact import FACTS_OF
from insight.contacting.asking import campaign_of, name_of
from insight.contacting.facts import at_of, facts_of
from insight.contacting.verdicts import check, verdict_of, written
from insight.statements import text
from resolvers.mutation import Act, ChangeInput, Mutation, Written
from schema.enums import ChannelKind
from schema.errors import ContactPurposeRefused, ContactRefused


@strawberry.input(description="A message that is about to be sent to a customer.")
class LogOutreachInput(ChangeInput):
    """A message."""

    customer: strawberry.ID = strawberry.field(description="To whom.")
    purpose: str = strawberry.field(description="For what: marketing.email, service.messages ...")
    channel: ChannelKind = strawberry.field(description="On which channel.")
    campaign: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of which campaign: it reaches her once."
    )


async def log_outreach(act: Act) -> Written:
    """Write what is sent. Raises ContactRefused, with the reasons as the role is told them, and what `check` raises."""
    if act.view is None:
        raise ContactPurposeRefused
    purpose, channel = str(act.input["purpose"]), name_of(act.input["channel"])
    campaign = campaign_of(act.input)
    check(act.view, act.contact_rules, purpose, channel)
    (row,) = await act.run(FACTS_OF, {"customer": act.record})
    facts = facts_of(act.record, row)
    found = verdict_of(act.view, act.contact_rules, facts, channel, purpose, campaign, act.now)
    if not found.allowed:
        reasons = [name for name, _ in found.reasons]
        raise ContactRefused(reasons, written(found.again), act.record, found.fields)
    id_ = act.new_id("out")
    properties: dict[str, Any] = {
        "id": id_,
        "sourceKey": f"api:{id_}",
        "channel": channel,
        "purpose": purpose,
        "opened": False,
        "clicked": False,
        "replied": False,
        "converted": False,
        "complained": False,
    }
    sent = at_of(facts, act.now)
    given = {"customer": act.record, "properties": properties, "sentAt": sent, "campaign": campaign}
    await act.run(text("log_outreach"), given)
    of_campaign = ["Outreach.campaign"] if campaign else []
    return Written(id_, ["Outreach.sentAt", "Outreach.channel", "Outreach.purpose", *of_campaign])


LOG_OUTREACH = Mutation(
    name="logOutreach",
    about="Say, just before, that a message is sent to a customer: it counts at once, or is refused and must not be.",
    input=LogOutreachInput,
    names="customer",
    target="Customer",
    gives="Outreach",
    carry_out=log_outreach,
    also=("campaign", "Campaign"),
)
