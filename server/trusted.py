"""Trusted documents: the only ones that may be asked, where the settings name a folder of them.

The folder holds `.graphql` files, each a whole document, and manifests as Relay's compiler and the client preset of
graphql-codegen (`{id: text}`) and as Apollo's tools (`{"operations": [{"id", "body"}]}`) write them. Requests name a
document by its manifest's id or by `sha256:` and the digest of its text (GraphQL over HTTP, persisted documents), or
send the very text. Every document is parsed and validated for every role at the start.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLSchema

from resolvers.role_schema import RoleSchema
from resolvers.shared_schema import shared
from resolvers.unknown_fields import Fitted, fitted
from schema.errors import DocumentUnknown, FreeDocumentRefused, TrustedDocumentInvalid, UnknownFieldsRefused
from server.documents import Document, examined, revalidated
from server.http import Question

DOCUMENTS = (".graphql", ".gql")


@dataclass(frozen=True, slots=True)
class Listed:
    """A text of the folder: where it stands, for whoever has to correct it, and by what ids it may be asked."""

    text: str
    place: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A document as one role may ask it; with absences it is less than the text says."""

    text: str
    place: str
    document: Document
    less: Fitted | None = None


@dataclass(frozen=True, slots=True)
class Trusted:
    """The trusted documents. Without any, every document may be asked, and every role may ask its own.

    `free` are the roles that may ask others too; None for all.
    """

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    allowed: Mapping[tuple[str, str], Allowed] = field(default_factory=dict, repr=False)
    free: Collection[str] | None = None

    def asked(self, role: str, question: Question) -> Allowed | None:
        """What a question asks for; None for a document that is not listed and may be asked all the same.

        Raises DocumentUnknown, FreeDocumentRefused and UnknownFieldsRefused.
        """
        text = question.text if question.id is None else self.texts.get(question.id)
        found = None if text is None else self.allowed.get((role, text))
        if found is not None and (found.less is None or question.nulls):
            return found
        if question.id is not None:
            raise DocumentUnknown
        if self.free is not None and role not in self.free:
            raise FreeDocumentRefused
        if question.nulls:
            raise UnknownFieldsRefused
        return None

    def __len__(self) -> int:
        return len({one.text for one in self.allowed.values()})


def trusted_of(folder: Path, schemas: Mapping[str, RoleSchema], free: Sequence[str]) -> Trusted:
    """The documents of a folder, each for the roles whose schema it fits, as it is or with nulls.

    Raises TrustedDocumentInvalid with the place of what cannot be read, or fits no role, and why.
    """
    listed = list(listed_in(folder))
    everyone = shared([one.graphql for one in schemas.values()])
    texts: dict[str, str] = {}
    for one in listed:
        for id_ in one.ids:
            if texts.setdefault(id_, one.text) != one.text:
                raise TrustedDocumentInvalid(f"{one.place}: another document has the same id. Give each its own.")
    allowed = {}
    for one in listed:
        for role, found in _allowed(one, schemas, everyone):
            allowed[role, one.text] = found
    return Trusted(texts, allowed, frozenset(free))


def listed_in(folder: Path) -> Iterator[Listed]:
    """Every document of a folder and the folders in it. Raises TrustedDocumentInvalid."""
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        place = file.relative_to(folder).as_posix()
        if file.suffix in DOCUMENTS:
            text = _read(file, place)
            yield Listed(text, place, _ids(text))
        elif file.suffix == ".json":
            for id_, text in _manifest(_read(file, place), place):
                yield Listed(text, f"{place}, {id_}", (id_, *_ids(text)))


def _read(file: Path, place: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise TrustedDocumentInvalid(f"{place} cannot be read as a text in UTF-8.") from None


def _ids(text: str) -> tuple[str, ...]:
    """By its digest a text is known with the prefix of the specification, and without it as Apollo writes it."""
    digest = sha256(text.encode()).hexdigest()
    return f"sha256:{digest}", digest


def _manifest(text: str, place: str) -> list[tuple[str, str]]:
    try:
        held: Any = orjson.loads(text)
        if isinstance(held, dict) and isinstance(held.get("operations"), list):
            pairs = [(one["id"], one["body"]) for one in held["operations"]]
        else:
            pairs = list(held.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        pairs = [("", None)]
    if not all(isinstance(id_, str) and id_ and isinstance(body, str) for id_, body in pairs):
        raise TrustedDocumentInvalid(
            f"{place} is not a manifest: write {{id: text}} or {{operations: [{{id, body}}]}} in JSON."
        )
    return pairs


def _allowed(one: Listed, schemas: Mapping[str, RoleSchema], everyone: GraphQLSchema) -> Iterator[tuple[str, Allowed]]:
    """The roles that may ask it. Raises TrustedDocumentInvalid where none may."""
    whole = examined(everyone, one.text)
    if whole.node is None:
        raise TrustedDocumentInvalid(f"{one.place} fits no role: {whole.errors[0].message}")
    refused: list[str] = []
    for role, schema in schemas.items():
        less = fitted(whole.node, schema.graphql, everyone)
        document = revalidated(schema.graphql, less.node)
        if document.errors:
            refused.append(f"{role}: {document.errors[0].message}")
        elif less.node is whole.node:
            yield role, Allowed(one.text, one.place, document)
        else:
            yield role, Allowed(one.text, one.place, document, less)
    if len(refused) == len(schemas):
        raise TrustedDocumentInvalid(f"{one.place} fits no role. {refused[0]}")
