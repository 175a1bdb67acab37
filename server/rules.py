"""Rules: the model, the policies of a folder, and the View that each role has for each of its purposes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from auth.narrow import narrow
from auth.policy import SHIPPED, Policy, load_policies
from graph.view import View
from schema.catalogue import complete_model
from schema.model import Model
from server.api import check_changes


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may see what: the model, the policies, and the View of each role for each of its purposes."""

    model: Model
    policies: Mapping[str, Policy]
    views: Mapping[tuple[str, str], View]

    def usual_view(self, role: str) -> View:
        """The View of a role for its usual purpose."""
        return self.views[role, self.policies[role].said.purposes[0]]

    @property
    def purposes_of(self) -> Mapping[str, tuple[str, ...]]:
        """The purposes of each role, the usual one first."""
        return {role: policy.said.purposes for role, policy in self.policies.items()}


def rules_of(policy: Path | None = None) -> Rules:
    """Model and policies, checked against each other. Raises ModelInvalid and PolicyInvalid."""
    model = complete_model()
    policies = load_policies(policy or SHIPPED)
    for each in policies.values():
        check_changes(each)
    views = {
        (role, purpose): narrow(model, each, purpose)
        for role, each in policies.items()
        for purpose in each.said.purposes
    }
    return Rules(model, policies, MappingProxyType(views))
