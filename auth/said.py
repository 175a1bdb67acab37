"""Said: what a policy says of a field, and on which line, for those who explain it."""

from auth.policy import Grant, Policy
from schema.model import Property, camel


def grant_of(policy: Policy, type_: str, held: Property) -> tuple[Grant | None, str]:
    """What the policy says of a field, and where: by its name, else by its category."""
    grants = policy.said.see[type_]
    by_name = {camel(name): (name, grant) for name, grant in grants.fields.items()}
    if held.name in by_name:
        name, grant = by_name[held.name]
        return grant, place_of(policy, f"[see.{type_}.fields]", name)
    category = held.category.value
    return grants.categories.get(category), f"{place_of(policy, f'[see.{type_}]', category)}, category {category}"


def place_of(policy: Policy, block: str, key: str) -> str:
    """File and line of a key in a block of the policy; of the block, where the key is not said."""
    found = inside = 0
    for number, line in enumerate(policy.text.splitlines(), 1):
        if line.lstrip().startswith("["):
            inside = number if line.strip().partition("#")[0].strip() == block else 0
            found = found or inside
        elif inside and line.partition("=")[0].strip() == key:
            return f"{policy.file.name}:{number}"
    return f"{policy.file.name}:{found or 1}"
