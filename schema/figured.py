"""How service is measured: each metric by its formula in words, as the dictionary tells it."""

from collections.abc import Mapping
from types import MappingProxyType

from schema.enums import ServiceMetric as Metric

FORMULAS: Mapping[Metric, str] = MappingProxyType(
    {
        Metric.CASES: "cases that were opened",
        Metric.CLOSED: "those of them that are closed",
        Metric.FIRST_CONTACT_RESOLUTION: "closed cases that took one contact and one team, divided by closed cases",
        Metric.REPEATS_PER_CASE: "contacts beyond the first of each case, summed, divided by cases",
        Metric.MEDIAN_FIRST_RESPONSE_HOURS: "median hours from opening to first response, over cases that began with "
        "a mail and have one",
        Metric.MEDIAN_RESOLUTION_HOURS: "median hours from opening to closing, over closed cases",
        Metric.HANDOVERS_PER_CASE: "changes from one team to the next, summed, divided by cases",
        Metric.ABILITY_TO_SOLVE: "cases that are closed and took no contact after that, divided by cases",
        Metric.CONTACTS: "mails, calls and chats of customers",
        Metric.ABILITY_TO_VIEW: "contacts of which it is known whose they are, divided by contacts",
        Metric.ABILITY_TO_ANSWER: "contacts that somebody answered, divided by contacts: a mail by a reply to it or by "
        "the first response of its case, a chat by a line of the desk, a call that was not abandoned",
        Metric.SHARE_ABANDONED: "calls that the customer gave up, divided by calls",
        Metric.MEDIAN_WAITED_SECONDS: "median seconds for which callers waited, over calls that say so",
        Metric.MEAN_SENTIMENT: "mean mood of contacts that have one, from -1 to 1",
        Metric.MEAN_SATISFACTION: "mean answer to 'how did we do' after contacts and cases, from 1 to 5",
    }
)
"""Of a team, a channel and a month (UTC): of cases that were opened in it, of contacts that came in it."""

IN_WORDS = "; ".join(f"{metric.name}: {words}" for metric, words in FORMULAS.items())
"""All of them in a sentence."""
