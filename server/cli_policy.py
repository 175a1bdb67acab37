"""The commands on policies: check, matrix, explain, diff."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schema.errors import SettingInvalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from server.assembly import Rules
    from server.policy_diff import Broken, Change

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
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Also ask the graph which row rules keep it from using an index; ends with 3 for any."
        ),
    ] = False,
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
    if explain:
        from server.commands import slow_rules_of

        slow, looked_up = slow_rules_of(rules)
        for one in slow:
            print(f"{one.role}, {one.purpose}: {one.type} by {one.by} walks ({', '.join(one.walks)}): see its rows")
        if slow:
            raise typer.Exit(3)
        if not looked_up:
            raise SettingInvalid("The graph has no indexes yet, so nothing can be told. Start the server on it once.")
        print(f"All {looked_up} look-ups by an index stay one under the row rules.")


@policy_app.command(epilog="Example: customer-graph policy matrix --type Customer")
def matrix(
    type_: Annotated[str | None, typer.Option("--type", help="Only this type.", show_default=False)] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="Only this role; again for more.", show_default=False)
    ] = None,
    policy: Policies = None,
) -> None:
    """Show what each role has of each field.

    show: as it is; mask: coarser; when: it depends on a rule; groups: told of groups alone;
    withhold: null with a reason; –: not in its schema. verify: a caller's answer may be compared with it.
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


@policy_app.command(epilog="Example: customer-graph policy diff ./policy-of-last-week ./policy --documents ./queries")
def diff(
    old: Annotated[Path, typer.Argument(help="Folder with the policies of before.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="Folder with the policies to come.", show_default=False)],
    documents: Annotated[
        Path | None,
        typer.Option(help="Folder with deployed .graphql files: which break for whom.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one JSON object.")] = False,
) -> None:
    """Show which role gains or loses what, gains first.

    Ends with 0 where nothing is gained and no document breaks, with 3 where someone has to look.
    """
    from server.api import role_schema
    from server.policy_diff import broken, changes, to_look_at

    before, after = rules_in(old), rules_in(new)
    found = list(changes(before, after))
    breaking = list(broken(before, after, _documents(documents), role_schema)) if documents else []
    for line in _as_json(found, breaking) if as_json else _as_lines(found, breaking):
        print(line)
    if to_look_at(found, breaking):
        raise typer.Exit(3)


def _documents(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise SettingInvalid(f"There is no folder {folder}. Name one with .graphql files.")
    try:
        return {
            str(file.relative_to(folder)): file.read_text(encoding="utf-8")
            for file in sorted(folder.rglob("*.graphql"))
        }
    except (OSError, UnicodeDecodeError):
        raise SettingInvalid(f"A .graphql file in {folder} cannot be read as UTF-8 text.") from None


def _as_json(found: "Sequence[Change]", breaking: "Sequence[Broken]") -> "Iterator[str]":
    import json
    from dataclasses import asdict

    yield json.dumps({"changes": [asdict(one) for one in found], "broken": [asdict(one) for one in breaking]}, indent=2)


def _as_lines(found: "Sequence[Change]", breaking: "Sequence[Broken]") -> "Iterator[str]":
    from server.policy_diff import Kind

    signs = {Kind.GAIN: ("+", "GAINS"), Kind.REVIEW: ("?", "to review: may be a gain"), Kind.LOSS: ("-", "losses")}
    for kind, (sign, title) in signs.items():
        of_kind = [one for one in found if one.kind is kind]
        if of_kind:
            yield f"{title} ({len(of_kind)})"
        yield from (f"  {sign} {one.role}: {one.path}: {one.before} -> {one.after}" for one in of_kind)
    if breaking:
        yield f"documents that break ({len(breaking)})"
    yield from (f"  ! {one.role}: {one.document}:{one.line}: {one.reason}" for one in breaking)
    if not found and not breaking:
        yield "Nothing changes."
