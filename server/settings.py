"""Every setting there is: its name in the environment, what it is for, what is right. A wrong one stops the start.

A setting NAME may stand in the environment, or a file that holds it may be named by NAME_FILE; that is the way for
secrets. No message shows a value: it might be one.
"""

import difflib
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from auth.fetch import checked_uri, is_loopback
from schema.errors import SettingInvalid

Value = TypeVar("Value")

PREFIX = "CUSTOMER_GRAPH_"
FROM_FILE = "_FILE"
KEYS = re.compile(r"[0-9a-fA-F]{128}([\s,]+[0-9a-fA-F]{128})*")
MEMORY = r"^[1-9][0-9]{0,5}[kmgKMG]$"
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
COUNT_OR_NONE = "a whole number, 0 or more"
ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?")
BOLT_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


def setting(default: Any, description: str, right: str, **limits: Any) -> Any:
    """One setting; `right` completes the sentence "It must be ...". A default of None means: may be left out."""
    return Field(default=default, description=description, json_schema_extra={"right": right}, **limits)


class Settings(BaseSettings):
    """All settings, checked. Made by `load`, which explains what is wrong."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    data: Path = setting(
        Path("data"), "Folder for everything the server keeps: the embedded graph, keys, the trail.", "a folder"
    )
    host: str = setting("127.0.0.1", "Address to listen on; 0.0.0.0 for all.", "an address or host name", min_length=1)
    port: int = setting(8000, "Port to listen on.", "a whole number from 1 to 65535", ge=1, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "How much the log says; never personal data.", "debug, info, warning or error"
    )
    log_format: Literal["text", "json"] = setting(
        "text", "Lines of the log for people, or one JSON object a line for programs.", "text or json"
    )
    drain_seconds: float = setting(
        0.0,
        "Once told to stop: how long readiness says no while requests are still taken, so that a balancer notices.",
        "a number of seconds from 0 to 600",
        ge=0,
        le=600,
    )
    finish_seconds: int = setting(
        20,
        "Once no more requests are taken: how long those under way may take to be answered.",
        "a whole number of seconds from 1 to 3600",
        ge=1,
        le=3600,
    )

    tls_certificate: Path | None = setting(
        None,
        "File with the server's certificate and its chain (PEM); with it the server speaks HTTPS alone.",
        "a file that exists, together with CUSTOMER_GRAPH_TLS_KEY",
    )
    tls_key: Path | None = setting(
        None,
        "File with the certificate's private key (PEM, without a password), which no other user may read.",
        "a file that exists, together with CUSTOMER_GRAPH_TLS_CERTIFICATE",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = setting(
        (),
        "Origins whose pages may ask from a browser, separated by commas; none by default.",
        "origins such as https://app.example.com, without a path and without *",
    )
    trusted_documents: Path | None = setting(
        None,
        "Folder with the documents that may be asked (.graphql files, persisted-document manifests); left out, all.",
        "a folder that exists",
    )
    free_documents_roles: Annotated[tuple[str, ...], NoDecode] = setting(
        (),
        "Roles that may ask other documents beside the trusted ones, separated by commas; none by default.",
        "roles of the policy, together with CUSTOMER_GRAPH_TRUSTED_DOCUMENTS",
    )

    live_sources: Path | None = setting(
        None,
        "File with the live sources, their write keys (as SHA-256) and what each may send; left out, there are none.",
        "a file that exists",
    )
    inbox_megabytes: int = setting(
        256,
        "How much of what live sources sent may wait to become part of the graph; beyond it they are told to wait.",
        "a whole number of megabytes from 1 to 65536",
        ge=1,
        le=65_536,
    )
    sources: Path | None = setting(
        None,
        "Folder with the company's sources; those that say so are told of changes made here. Left out, none is.",
        "a folder that exists",
    )
    governance: Path | None = setting(
        None,
        "File of who answers for which data, on which legal basis it is held, and how long; left out, the shipped one.",
        "a file that exists",
    )
    contacts: Path | None = setting(
        None,
        "File of the rules by which customers are contacted: caps, consent, quiet hours; left out, the shipped one.",
        "a file that exists",
    )
    journey: Path | None = setting(
        None,
        "File of the stages of customers' journeys, and of what belongs to which; left out, the shipped one.",
        "a file that exists",
    )
    retention_hours: int = setting(
        0,
        "How often the rules of retention are carried out, in hours; loads keep to them, too. 0: by command alone.",
        "a whole number of hours from 0 to 8760",
        ge=0,
        le=8_760,
    )
    insight_hours: int = setting(
        24,
        "How often insights are found anew while the server runs, in hours. 0: by command and after loads alone.",
        "a whole number of hours from 0 to 8760",
        ge=0,
        le=8_760,
    )
    write_back_attempts: int = setting(
        16,
        "How often a source system is sent one change before a person has to see to it.",
        "a whole number from 1 to 100",
        ge=1,
        le=100,
    )
    write_back_seconds: float = setting(
        5.0,
        "Pause before a change is sent a second time; it doubles with every attempt, up to four hours.",
        "a number of seconds from 0.01 to 3600",
        ge=0.01,
        le=3600,
    )
    write_back_private: bool = setting(
        False,
        "Whether source systems may be at addresses of a private network.",
        "true or false",
    )

    neo4j_uri: str | None = setting(
        None,
        "A Neo4j of your own; left out, one is started and kept in the data folder.",
        "an address such as bolt://host:7687 or neo4j+s://host, without user name or password",
        validation_alias="NEO4J_URI",
    )
    neo4j_username: str = setting(
        "neo4j", "User name at your own Neo4j.", "a user name", min_length=1, validation_alias="NEO4J_USERNAME"
    )
    neo4j_password: SecretStr | None = setting(
        None,
        "Password at your own Neo4j; has no default.",
        "set when NEO4J_URI is, best by NEO4J_PASSWORD_FILE",
        validation_alias="NEO4J_PASSWORD",
    )
    neo4j_database: str = setting(
        "neo4j",
        "Database at your own Neo4j.",
        "a database name",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{2,62}$",
        validation_alias="NEO4J_DATABASE",
    )
    neo4j_heap: str = setting("1g", "Heap of the embedded Neo4j.", "a size such as 512m or 2g", pattern=MEMORY)
    neo4j_page_cache: str = setting(
        "128m", "Page cache of the embedded Neo4j.", "a size such as 128m or 1g", pattern=MEMORY
    )
    cache: Path | None = setting(
        None, "Folder for the embedded Neo4j's program files, by default in the user's cache folder.", "a folder"
    )
    statement_seconds: float = setting(
        10.0, "How long one statement may run in the database.", "a number of seconds from 0.1 to 3600", ge=0.1, le=3600
    )
    exports: int = setting(
        2,
        "Exports of whole types under way at once, of all viewers; one viewer has one. 0 for none at all.",
        COUNT_OR_NONE,
        ge=0,
        le=100,
    )
    export_statement_seconds: float = setting(
        60.0,
        "How long one statement of an export may run in the database: it reads 10,000 rows.",
        "a number of seconds from 0.1 to 3600",
        ge=0.1,
        le=3600,
    )
    connections: int = setting(
        64, "Connections to the database at most.", "a whole number from 1 to 1000", ge=1, le=1000
    )

    issuer: str | None = setting(
        None,
        "Issuer (iss) of the tokens to accept; left out, the server issues its own for local use.",
        "the issuer exactly as it stands in the tokens; without JWKS_URI and JWKS_FILE an https address, "
        "or http on this machine",
        min_length=1,
    )
    audience: str = setting(
        "customer-graph",
        "Audience (aud) that a token must name.",
        "the audience as it stands in the tokens",
        min_length=1,
    )
    jwks_uri: str | None = setting(
        None,
        "Where the issuer publishes its keys; left out, its configuration says where (OpenID Connect Discovery).",
        "an https address, or http on this machine; not beside JWKS_FILE",
    )
    jwks_file: Path | None = setting(
        None, "File with the issuer's keys as a JWKS document.", "a file that exists; not beside JWKS_URI"
    )
    algorithms: Annotated[tuple[str, ...], NoDecode] = setting(
        ("RS256", "PS256", "ES256", "EdDSA"),
        "Signatures to accept, separated by commas.",
        f"some of {', '.join(ASYMMETRIC)}",
    )
    roles_claim: str = setting(
        "roles", "Claim that holds the roles; a path with dots.", "a claim such as realm_access.roles", min_length=1
    )
    purposes_claim: str = setting(
        "purposes", "Claim that holds the purposes; a path with dots.", "a claim such as purposes", min_length=1
    )

    role_names: Annotated[Mapping[str, str] | None, NoDecode] = setting(
        None,
        "The issuer's names of roles with ours, such as kc-service-rep=service_rep; once set, no other name counts.",
        "pairs name=role separated by commas, each name once",
    )
    claim_paths: Annotated[Mapping[str, str] | None, NoDecode] = setting(
        None,
        "Where the claims stand that policies read, such as regions=profile.regions; left out, under their own names.",
        "pairs claim=path separated by commas, each claim once",
    )
    clock_skew_seconds: int = setting(
        30,
        "How far the clocks of issuer and server may differ.",
        "a whole number of seconds from 0 to 300",
        ge=0,
        le=300,
    )

    public_address: str | None = setting(
        None,
        "Address of this server as browsers see it; left out, this machine's where it listens there alone.",
        "an https address, or http on this machine, without a path",
    )
    login_client_id: str | None = setting(
        None,
        "Client under which people sign in at the issuer with a browser; left out, nobody can.",
        "a client id of the issuer other than the audience, beside CUSTOMER_GRAPH_ISSUER",
        min_length=1,
    )
    login_client_secret: SecretStr | None = setting(
        None,
        "Secret of that client, if it has one.",
        "set beside CUSTOMER_GRAPH_LOGIN_CLIENT_ID only, best by CUSTOMER_GRAPH_LOGIN_CLIENT_SECRET_FILE",
    )
    login_scope: str = setting(
        "openid",
        "Scopes to ask for when somebody signs in.",
        "scopes separated by blanks, openid among them",
        pattern=r"^(\S+ )*openid( \S+)*$",
    )

    policy: Path | None = setting(
        None, "Folder with your own policy, one TOML file a role; left out, the shipped one.", "a folder that exists"
    )
    policy_seconds: float = setting(
        2.0,
        "How often the policy folder is looked at for changes; 0 for never.",
        "a number of seconds from 0 to 3600",
        ge=0,
        le=3600,
    )
    cursor_key: SecretStr | None = setting(
        None,
        "Key that seals cursors; all replicas need the same. Left out, one is made in the data folder.",
        "64 bytes as 128 hexadecimal digits, best by CUSTOMER_GRAPH_CURSOR_KEY_FILE",
    )
    keys: Path | None = setting(
        None,
        "Folder of the data keys for sealed values, one for all servers. Left out, `keys` in the data folder.",
        "a folder that this user may write",
    )
    key: SecretStr | None = setting(
        None,
        "Key that wraps the data keys; while it is rotated, the new one before the old one. Left out, one is made.",
        "64 bytes as 128 hexadecimal digits, several between spaces, best by CUSTOMER_GRAPH_KEY_FILE",
    )
    suppression_key: SecretStr | None = setting(
        None,
        "Key by which rows of erased persons are known again; all servers and commands on one graph need the same. "
        "Left out, one is made in the data folder; keep a copy apart from the graph's.",
        "32 bytes as 64 hexadecimal digits, best by CUSTOMER_GRAPH_SUPPRESSION_KEY_FILE",
    )
    max_body_bytes: int = setting(
        256 * 1024, "Largest request body.", "a whole number of bytes from 1024 to 67108864", ge=1024, le=64 * 1024**2
    )
    max_depth: int = setting(12, "Deepest nesting of a question.", "a whole number from 1 to 50", ge=1, le=50)
    max_rows: int = setting(
        50_000, "Rows that one question may ask for.", "a whole number from 1 to 1000000", ge=1, le=1_000_000
    )
    max_cost: int = setting(
        1_000_000,
        "Work in the database that one question may ask for, estimated from its shape alone.",
        "a whole number from 1000 to 1000000000",
        ge=1_000,
        le=1_000_000_000,
    )
    viewer_requests: int = setting(6_000, "Requests of one viewer a minute; 0 for no limit.", COUNT_OR_NONE, ge=0)
    viewer_cost: int = setting(
        30_000_000, "Estimated work for one viewer a minute; 0 for no limit.", COUNT_OR_NONE, ge=0
    )
    viewer_lookups: int = setting(
        60,
        "Look-ups of one viewer a minute by a handle, such as an e-mail address; 0 for no limit.",
        COUNT_OR_NONE,
        ge=0,
    )
    viewer_questions: int = setting(
        300,
        "Documents and statements of one viewer a minute that are new to the server; 0 for no limit.",
        COUNT_OR_NONE,
        ge=0,
    )
    viewer_concurrent: int = setting(32, "Requests of one viewer at once; 0 for no limit.", COUNT_OR_NONE, ge=0)
    viewer_statements: int = setting(
        16,
        "Connections to the database that one viewer may use at once; 0 for all.",
        COUNT_OR_NONE,
        ge=0,
    )
    viewer_streams: int = setting(16, "Subscriptions of one viewer at once; 0 for no limit.", COUNT_OR_NONE, ge=0)
    live_recheck_seconds: float = setting(
        30.0,
        "How often a subscription looks again at what may be seen, without being told of a change.",
        "a number of seconds from 0.1 to 60",
        ge=0.1,
        le=60,
    )
    websocket_origins: Annotated[tuple[str, ...], NoDecode] = setting(
        (),
        "Other sites whose pages may open a WebSocket here, separated by commas; this site's may.",
        "origins such as https://desk.example.com",
    )
    plan_cache_size: int = setting(
        1_000, "Compiled questions kept in memory.", "a whole number from 1 to 100000", ge=1, le=100_000
    )

    @field_validator(
        "data",
        "cache",
        "jwks_file",
        "policy",
        "tls_certificate",
        "tls_key",
        "trusted_documents",
        "live_sources",
        "sources",
    )
    @classmethod
    def _home_is_known(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser()

    @field_validator("policy", "trusted_documents", "sources")
    @classmethod
    def _is_a_folder(cls, path: Path | None) -> Path | None:
        return demand(path, path is None or path.is_dir())

    @field_validator("jwks_file", "tls_certificate", "tls_key", "live_sources")
    @classmethod
    def _is_a_file(cls, path: Path | None) -> Path | None:
        return demand(path, path is None or path.is_file())

    @field_validator("neo4j_uri")
    @classmethod
    def _speaks_bolt(cls, uri: str | None) -> str | None:
        parts = urlsplit(uri or "bolt://nowhere")
        return demand(uri, parts.scheme in BOLT_SCHEMES and bool(parts.hostname) and "@" not in parts.netloc)

    @field_validator("jwks_uri")
    @classmethod
    def _keys_come_safely(cls, uri: str | None) -> str | None:
        return demand(uri, uri is None or is_safe(uri))

    @field_validator("public_address")
    @classmethod
    def _is_an_origin(cls, uri: str | None) -> str | None:
        return demand(uri, uri is None or (is_safe(uri) and re.fullmatch(r"https?://[^/?#@\s]+", uri) is not None))

    @field_validator("role_names", "claim_paths", mode="before")
    @classmethod
    def _are_pairs(cls, pairs: Any) -> Any:
        return pairs_of(pairs) if isinstance(pairs, str) else pairs

    @field_validator("algorithms", "cors_origins", "free_documents_roles", "websocket_origins", mode="before")
    @classmethod
    def _separated_by_commas(cls, names: Any) -> Any:
        return tuple(filter(None, (name.strip() for name in names.split(",")))) if isinstance(names, str) else names

    @field_validator("algorithms")
    @classmethod
    def _verify_with_public_keys(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return demand(names, bool(names) and set(names) <= set(ASYMMETRIC))

    @field_validator("cors_origins", "websocket_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return demand(origins, all(map(ORIGIN.fullmatch, origins)))

    @field_validator("cursor_key")
    @classmethod
    def _is_long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        return demand(key, key is None or re.fullmatch(r"[0-9a-fA-F]{128}", key.get_secret_value()) is not None)

    @field_validator("key")
    @classmethod
    def _are_long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        return demand(key, key is None or KEYS.fullmatch(key.get_secret_value().strip()) is not None)

    @field_validator("suppression_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr | None) -> SecretStr | None:
        return demand(key, key is None or re.fullmatch(r"[0-9a-fA-F]{64}", key.get_secret_value()) is not None)

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if self.neo4j_uri is not None and self.neo4j_password is None:
            raise wrong("neo4j_password")
        if self.jwks_uri is not None and self.jwks_file is not None:
            raise wrong("jwks_uri")
        named = self.jwks_uri is not None or self.jwks_file is not None
        if named if self.issuer is None else not (named or is_discoverable(self.issuer)):
            raise wrong("issuer")
        if self.login_client_id is not None and (
            self.issuer is None or not is_discoverable(self.issuer) or self.login_client_id == self.audience
        ):
            raise wrong("login_client_id")
        if self.login_client_secret is not None and self.login_client_id is None:
            raise wrong("login_client_secret")
        if self.login_client_id is not None and self.public_address is None and not is_loopback(self.host):
            raise wrong("public_address")
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise wrong("tls_key" if self.tls_key is None else "tls_certificate")
        if self.free_documents_roles and self.trusted_documents is None:
            raise wrong("free_documents_roles")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What a caller names wins over the environment, the environment over the file that it names."""
        return init_settings, env_settings, NamedFiles(settings_cls)


class NamedFiles(PydanticBaseSettingsSource):
    """Settings that stand in files named by NAME_FILE."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The text of the named file without its last line end."""
        name = name_of(field_name)
        path = "" if name + FROM_FILE in names() else os.environ.get(name + FROM_FILE, "")
        if not path:
            return None, field_name, False
        if os.environ.get(name):
            raise SettingInvalid(f"{name} and {name}{FROM_FILE} are both set. Keep one of them.")
        try:
            text = Path(path).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise SettingInvalid(f"{name}{FROM_FILE} must name a text file that the server may read.") from None
        return text, field_name, False

    def __call__(self) -> dict[str, Any]:
        """All settings that stand in files."""
        fields = self.settings_cls.model_fields
        found = {name: self.get_field_value(field, name)[0] for name, field in fields.items()}
        return {name: text for name, text in found.items() if text is not None}


def load(**chosen: Any) -> Settings:
    """The settings from the environment; `chosen` (by field name, None meaning not chosen) wins over it.

    Raises SettingInvalid with the name of a wrong setting and what would be right, never with its value.
    """
    refuse_unknown(os.environ)
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as problem:
        raise SettingInvalid(" ".join(sentences(problem))) from None


def public_address_of(settings: Settings) -> str:
    """The address of this server as browsers see it."""
    if settings.public_address is not None:
        return settings.public_address
    return (
        f"http://[{settings.host}]:{settings.port}"
        if ":" in settings.host
        else f"http://{settings.host}:{settings.port}"
    )


def callback_of(settings: Settings) -> str:
    """Where the identity provider sends browsers back to (the redirect URI of OAuth)."""
    return public_address_of(settings) + "/login/callback"


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """A misspelt setting would silently leave the default in force."""
    known = {*names(), *(name + FROM_FILE for name in names())}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            advice = f"Did you mean {near[0]}?" if near else "docs/settings.md lists all."
            raise SettingInvalid(f"There is no setting {name}. {advice}")


def table() -> str:
    """All settings as the Markdown table of docs/settings.md."""
    rows = [
        f"| `{name_of(field_name)}` | {shown_default(field)} | {field.description} | {right(field_name)} |"
        for field_name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| setting | default | what for | must be |", "| --- | --- | --- | --- |", *rows, ""])


def names() -> tuple[str, ...]:
    """The names of all settings in the environment."""
    return tuple(map(name_of, Settings.model_fields))


def name_of(field_name: str) -> str:
    """A setting's name in the environment."""
    alias = Settings.model_fields[field_name].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field_name.upper()


def right(field_name: str) -> str:
    """What a setting must be, in words."""
    extra = Settings.model_fields[field_name].json_schema_extra
    return str(extra["right"]) if isinstance(extra, dict) else ""


def shown_default(field: FieldInfo) -> str:
    """A default for the table."""
    if field.default is None:
        return ""
    return f"`{','.join(field.default) if isinstance(field.default, tuple) else field.default}`"


def sentences(problem: ValidationError) -> list[str]:
    """What is wrong, one sentence for each setting."""
    fields = {name_of(field_name): field_name for field_name in Settings.model_fields}
    wrong_ones = []
    for error in problem.errors(include_url=False, include_input=False, include_context=False):
        named = str(error["loc"][0]) if error["loc"] else error["msg"].rpartition(" ")[2]
        field_name = fields.get(named, named)
        if field_name in Settings.model_fields:
            wrong_ones.append(f"{name_of(field_name)} must be {right(field_name)}.")
        else:
            wrong_ones.append("There is no such setting.")
    return list(dict.fromkeys(wrong_ones))


def pairs_of(text: str) -> Mapping[str, str]:
    """`a=b,c=d` as a mapping. Raises ValueError for anything else, and for a name that stands there twice."""
    pairs = [pair.rpartition("=") for pair in text.split(",") if pair.strip()]
    made = {name.strip(): said.strip() for name, _, said in pairs}
    whole = len(made) == len(pairs) > 0 and all(name and said for name, said in made.items())
    return demand(MappingProxyType(made), whole)


def is_safe(uri: str) -> bool:
    """Whether documents and people may be sent there: https, or http on this machine."""
    try:
        checked_uri(uri)
    except SettingInvalid:
        return False
    return True


def is_discoverable(issuer: str) -> bool:
    """Whether the issuer is an address under which its configuration can be."""
    return is_safe(issuer) and "?" not in issuer


def demand(value: Value, holds: bool) -> Value:
    """The value if it is right; what would be right stands beside the field."""
    if not holds:
        raise ValueError
    return value


def wrong(field_name: str) -> ValueError:
    """A rule over several settings is broken; the last word names the one to correct."""
    return ValueError(field_name)


def page() -> str:
    """The text of docs/settings.md."""
    return (
        "# Settings\n\n"
        "<!-- Written by: python -m server.settings > docs/settings.md -->\n\n"
        "Every setting is an environment variable. `NAME_FILE` may name a file that holds it instead: the way for\n"
        "secrets. A wrong or unknown one stops the start with its name and what would be right. Lists are separated\n"
        "by commas.\n\n" + table()
    )


if __name__ == "__main__":
    sys.stdout.write(page())
