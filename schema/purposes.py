"""The purposes for which personal data may be used, and the legal bases that can carry each.

A closed list that a company extends. `lawful(purpose)` in a policy asks for the standing that is derived per
customer from these rules and from what the customer decided (GDPR art. 6(1), 7(3), 18, 21; W3C DPV consent states).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from schema.model import enumeration


@enumeration
class LegalBasis(StrEnum):
    """Legal bases of GDPR art. 6(1), a to f."""

    CONSENT = "CONSENT"
    CONTRACT = "CONTRACT"
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION"
    VITAL_INTEREST = "VITAL_INTEREST"
    PUBLIC_TASK = "PUBLIC_TASK"
    LEGITIMATE_INTEREST = "LEGITIMATE_INTEREST"

    @property
    def words(self) -> str:
        """As it stands in a sentence."""
        return self.value.lower().replace("_", " ")


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose. `basis` carries it unless a decision of the customer says otherwise.

    `reads_restricted`: whether records under restriction (art. 18) and of the deceased may be read for it.
    `sends`: whether it ends in a message to the customer, so that nothing may go to the deceased. `advertises`: whether
    it is direct marketing, to which anyone may object whatever carries it (art. 21(2)). `shares`: whether data goes to
    third parties, of which a Californian may opt out (Cal. Civ. Code 1798.120).
    """

    name: str
    about: str
    basis: LegalBasis
    reads_restricted: bool = False
    sends: bool = False
    advertises: bool = False
    shares: bool = False


Is = LegalBasis
_ALL = (
    Purpose("service", "Help the customer with what was bought or asked.", Is.CONTRACT),
    Purpose("service.messages", "Tell the customer about orders, deliveries and cases.", Is.CONTRACT, sends=True),
    Purpose("marketing.email", "Advertise by e-mail.", Is.CONSENT, sends=True, advertises=True),
    Purpose("marketing.phone", "Advertise by phone or text message.", Is.CONSENT, sends=True, advertises=True),
    Purpose("analytics", "Learn from what customers do, as a group.", Is.CONSENT),
    Purpose("sharing", "Hand data to third parties.", Is.CONSENT, shares=True),
    Purpose("fraud", "Prevent fraud.", Is.LEGITIMATE_INTEREST),
    Purpose("operations", "Run and improve the service organisation.", Is.LEGITIMATE_INTEREST),
    Purpose("stewardship", "Keep records correct (GDPR art. 5(1)(d)).", Is.LEGAL_OBLIGATION, reads_restricted=True),
    Purpose(
        "privacy",
        "Answer data subjects and supervisory authorities.",
        Is.LEGAL_OBLIGATION,
        reads_restricted=True,
    ),
    Purpose("self", "Show the customer what is held (GDPR art. 15).", Is.LEGAL_OBLIGATION, reads_restricted=True),
    Purpose("audit", "Check who looked at what.", Is.LEGAL_OBLIGATION, reads_restricted=True),
)
PURPOSES: Mapping[str, Purpose] = MappingProxyType({purpose.name: purpose for purpose in _ALL})
