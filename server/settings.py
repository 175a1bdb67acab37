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
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from schema.errors import SettingInvalid

Value = TypeVar("Value")

PREFIX = "CUSTOMER_GRAPH_"
FROM_FILE = "_FILE"
MEMORY = r"^[1-9][0-9]{0,5}[kmgKMG]$"
ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
COUNT_OR_NONE = "a whole number, 0 or more"
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
    neo4j_heap: str = setting("512m", "Heap of the embedded Neo4j.", "a size such as 512m or 2g", pattern=MEMORY)
    neo4j_page_cache: str = setting(
        "128m", "Page cache of the embedded Neo4j.", "a size such as 128m or 1g", pattern=MEMORY
    )
    cache: Path | None = setting(
        None, "Folder for the embedded Neo4j's program files, by default in the user's cache folder.", "a folder"
    )
    statement_seconds: float = setting(
        10.0, "How long one statement may run in the database.", "a number of seconds from 0.1 to 3600", ge=0.1, le=3600
    )
    connections: int = setting(
        64, "Connections to the database at most.", "a whole number from 1 to 1000", ge=1, le=1000
    )

    issuer: str | None = setting(
        None,
        "Issuer (iss) of the tokens to accept; left out, the server issues its own for local use.",
        "the issuer exactly as it stands in the tokens, together with the keys: "
        "CUSTOMER_GRAPH_JWKS_URI or CUSTOMER_GRAPH_JWKS_FILE",
        min_length=1,
    )
    audience: str = setting(
        "customer-graph",
        "Audience (aud) that a token must name.",
        "the audience as it stands in the tokens",
        min_length=1,
    )
    jwks_uri: str | None = setting(
        None, "Where the issuer publishes its keys.", "an https address, or http on this machine; not beside JWKS_FILE"
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

    policy: Path | None = setting(
        None, "Folder with your own policy, one TOML file a role; left out, the shipped one.", "a folder that exists"
    )
    cursor_key: SecretStr | None = setting(
        None,
        "Key that seals cursors; all replicas need the same. Left out, one is made in the data folder.",
        "64 bytes as 128 hexadecimal digits, best by CUSTOMER_GRAPH_CURSOR_KEY_FILE",
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
    plan_cache_size: int = setting(
        1_000, "Compiled questions kept in memory.", "a whole number from 1 to 100000", ge=1, le=100_000
    )

    @field_validator("data", "cache", "jwks_file", "policy")
    @classmethod
    def _home_is_known(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser()

    @field_validator("policy")
    @classmethod
    def _is_a_folder(cls, path: Path | None) -> Path | None:
        return demand(path, path is None or path.is_dir())

    @field_validator("jwks_file")
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
        parts = urlsplit(uri or "https://nowhere")
        here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
        return demand(uri, bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and here)))

    @field_validator("algorithms", mode="before")
    @classmethod
    def _separated_by_commas(cls, names: Any) -> Any:
        return tuple(filter(None, (name.strip() for name in names.split(",")))) if isinstance(names, str) else names

    @field_validator("algorithms")
    @classmethod
    def _verify_with_public_keys(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return demand(names, bool(names) and set(names) <= set(ASYMMETRIC))

    @field_validator("cursor_key")
    @classmethod
    def _is_long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        return demand(key, key is None or re.fullmatch(r"[0-9a-fA-F]{128}", key.get_secret_value()) is not None)

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if self.neo4j_uri is not None and self.neo4j_password is None:
            raise wrong("neo4j_password")
        if self.jwks_uri is not None and self.jwks_file is not None:
            raise wrong("jwks_uri")
        if (self.issuer is None) != (self.jwks_uri is None and self.jwks_file is None):
            raise wrong("issuer")
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
