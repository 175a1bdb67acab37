"""Settings: all documented, checked at the start, and never shown when wrong."""

import re
from pathlib import Path

import pytest

from schema.errors import SettingInvalid
from server import settings

ROOT = Path(__file__).parents[1]
CANARY = "canary-7f3a"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine at hand reaches a test."""
    for name in settings.names():
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name + settings.FROM_FILE, raising=False)


def test_without_any_setting_the_server_is_private() -> None:
    """The default listens on this machine alone and keeps its own Neo4j."""
    chosen = settings.load()
    assert chosen.host == "127.0.0.1"
    assert chosen.neo4j_uri is None
    assert chosen.neo4j_password is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CUSTOMER_GRAPH_PORT", CANARY),
        ("CUSTOMER_GRAPH_PORT", "65536"),
        ("CUSTOMER_GRAPH_LOG_LEVEL", CANARY),
        ("CUSTOMER_GRAPH_NEO4J_HEAP", CANARY),
        ("CUSTOMER_GRAPH_POLICY", f"/nowhere/{CANARY}"),
        ("CUSTOMER_GRAPH_JWKS_FILE", f"/nowhere/{CANARY}"),
        ("CUSTOMER_GRAPH_JWKS_URI", f"http://keys.example/{CANARY}"),
        ("CUSTOMER_GRAPH_ALGORITHMS", "HS256"),
        ("CUSTOMER_GRAPH_ALGORITHMS", "none"),
        ("CUSTOMER_GRAPH_ALGORITHMS", ","),
        ("CUSTOMER_GRAPH_ISSUER", CANARY),
        ("CUSTOMER_GRAPH_CURSOR_KEY", CANARY),
        ("NEO4J_URI", f"http://{CANARY}"),
        ("NEO4J_URI", f"bolt://neo4j:{CANARY}@host"),
        ("NEO4J_DATABASE", f"{CANARY} x"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name_and_not_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The message says which one and what would be right; the value might be a secret in the wrong place."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingInvalid, match=rf"^{name} must be .+") as refused:
        settings.load()
    assert value not in str(refused.value) or value == ","
    assert CANARY not in f"{refused.value!r}{refused.value.__cause__!r}"


def test_a_neo4j_of_ones_own_needs_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """No password is ever assumed."""
    monkeypatch.setenv("NEO4J_URI", "neo4j+s://graph.example")
    with pytest.raises(SettingInvalid, match="NEO4J_PASSWORD must be set"):
        settings.load()


def test_a_secret_may_come_from_a_file_and_stays_out_of_sight(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The line end that editors add is not part of it."""
    (tmp_path / "password").write_text(f"{CANARY}\n")
    monkeypatch.setenv("NEO4J_URI", "bolt://graph.example")
    monkeypatch.setenv("NEO4J_PASSWORD_FILE", str(tmp_path / "password"))
    chosen = settings.load()
    assert chosen.neo4j_password is not None
    assert chosen.neo4j_password.get_secret_value() == CANARY
    assert CANARY not in repr(chosen)


def test_a_secret_in_two_places_or_in_no_readable_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Which of two counts must not be a guess."""
    monkeypatch.setenv("NEO4J_PASSWORD_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingInvalid, match="NEO4J_PASSWORD_FILE must name a text file"):
        settings.load()
    monkeypatch.setenv("NEO4J_PASSWORD", CANARY)
    with pytest.raises(SettingInvalid, match="both set"):
        settings.load()


def test_a_misspelt_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would leave the default in force without a word."""
    monkeypatch.setenv("CUSTOMER_GRAPH_PROT", "9000")
    with pytest.raises(SettingInvalid, match=r"CUSTOMER_GRAPH_PROT.*CUSTOMER_GRAPH_PORT"):
        settings.load()


def test_what_the_command_line_says_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the environment; what was not said is not chosen."""
    monkeypatch.setenv("CUSTOMER_GRAPH_PORT", "9000")
    assert settings.load(port=9001).port == 9001
    assert settings.load(port=None).port == 9000


def test_the_documented_table_is_the_real_one() -> None:
    """docs/settings.md is written by: python -m server.settings."""
    documented = (ROOT / "docs" / "settings.md").read_text()
    assert settings.page() == documented


def test_every_setting_says_what_it_is_for_and_what_is_right() -> None:
    """A setting without words cannot be corrected."""
    for name, field in settings.Settings.model_fields.items():
        assert field.description
        assert field.description.endswith(".")
        assert re.match(r"\S", settings.right(name))
