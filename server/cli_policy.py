"""The commands on policies: check, matrix, explain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schema.errors import SettingInvalid

if TYPE_CHECKING:
    from server.assembly import Rules

policy_app = typer.Typer(
    help="Check, show and explain who may see what.", no_args_is_help=True, pretty_exceptions_enable=False
)

Policies = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="DIR",
        help="Folder with policies. Default: CUSTOMER_GRAPH_POLICY, else the shipped ones.",
        show_default=False,
    ),
]


def rules_in(folder: Path | None) -> "Rules":
    """Model, policies and Views of a folder. Raises PolicyInvalid."""
    from server.assembly import rules_of
    from server.settings import load

    if folder is not None and not folder.is_dir():
        raise SettingInvalid(f"There is no folder {folder}. Name one with a TOML file for each role.")
    return rules_of(folder or load().policy)


@policy_app.command(epilog="Example: customer-graph policy check ./our-policy")
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder with policies.", show_default=False)] = None,
) -> None:
    """Check policies against the model, as a start of the server would."""
    from server.api import role_schema

    rules = rules_in(folder)
    for role, policy in rules.policies.items():
        query = role_schema(rules.usual_view(role)).graphql.query_type
        roots = len(query.fields) if query else 0
        types = len(rules.usual_view(role).types)
        fields = sum(len(seen.fields) for seen in rules.usual_view(role).types.values())
        print(f"{policy.file.name}: {role} sees {fields} fields of {types} types, {roots} roots")
    print("All policies fit the model.")


@policy_app.command(epilog="Example: customer-graph policy matrix --type Customer")
def matrix(
    type_: Annotated[str | None, typer.Option("--type", help="Only this type.", show_default=False)] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="Only this role; again for more.", show_default=False)
    ] = None,
    policy: Policies = None,
) -> None:
    """Show what each role has of each field.

    show: as it is; mask: coarser; when: it depends on a rule; withhold: null with a reason; –: not in its schema.
    """
    from rich.console import Console

    from server.cli import known_role
    from server.explain import matrix as rows_of
    from server.explain import parts_of
    from server.tables import tables

    rules = rules_in(policy)
    roles = [known_role(rules.policies, one).role for one in role] if role else list(rules.policies)
    only = parts_of(rules.model, type_)[0].name if type_ else None
    rows = rows_of(rules.model, rules.policies, [rules.usual_view(name) for name in roles])
    console = Console(highlight=False)
    width = console.width if console.is_terminal else None
    for line in tables([row for row in rows if only in (None, row.type)], roles, width):
        console.print(line, soft_wrap=True)


@policy_app.command(epilog="Example: customer-graph policy explain marketer Customer.email")
def explain(
    role: Annotated[str, typer.Argument(help="A role of the policy.")],
    what: Annotated[str, typer.Argument(metavar="TYPE[.FIELD]", help="A type, or one field of it.")],
    policy: Policies = None,
) -> None:
    """Say in words what a role sees and why, with the line of the policy that says so."""
    from server.cli import known_role
    from server.explain import explain as lines_of

    rules = rules_in(policy)
    said = known_role(rules.policies, role)
    for line in lines_of(rules.model, said, [rules.views[role, purpose] for purpose in said.said.purposes], what):
        print(line)
