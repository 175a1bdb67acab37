"""The GraphiQL page is whole, is served from our own files alone, and its locks hold no address.

`make test` builds the page before it runs the tests; after a bare `pytest`, run `make graphiql` first.
"""

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SOURCE = PROJECT / "console" / "graphiql"
PAGE = SOURCE / "dist"
BASE = "/graphiql/"
LOADS = re.compile(
    r"(?:\bimport\s*\(?|\bfrom\s*|\bimportScripts\(\s*|new (?:Shared)?Worker\(\s*)[`'\"]([^`'\"\s]+)[`'\"]"
)


class References(HTMLParser):
    """Every address a browser would fetch from a page, and whatever a strict content security policy would refuse."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.inline: list[str] = []
        self._in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.inline += [name for name in names if name.startswith("on") or name == "style"]
        self.inline += [tag] if tag == "style" else []
        self._in_script = tag == "script"
        self.fetched += [names[name] or "" for name in ("src", "href") if name in names]

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.inline.append(data.strip())


def local_file(reference: str) -> Path:
    """The file of the built page that an address names; asserts that the address stays on this server."""
    assert reference.startswith(BASE), f"{reference} leaves {BASE}"
    return PAGE / reference.removeprefix(BASE)


@pytest.fixture(scope="module")
def index() -> str:
    built = PAGE / "index.html"
    assert built.is_file(), "The page is not built: run `make graphiql` and see console/graphiql/build.log."
    return built.read_text()


@pytest.fixture(scope="module")
def assets(index: str) -> dict[str, str]:
    """The scripts and style sheets beside a built index, by name."""
    return {path.name: path.read_text() for path in (PAGE / "assets").iterdir() if path.suffix in {".js", ".css"}}


def test_the_page_is_built_and_bears_the_products_name(index: str) -> None:
    """A browser that opens the page sees whose it is."""
    assert "<title>customer-graph</title>" in index


def test_everything_the_page_loads_is_a_file_of_ours(index: str) -> None:
    """No content delivery network, no font service: each address of the page is a file that was built with it."""
    references = References(index).fetched
    assert any(reference.endswith(".js") for reference in references)
    assert any(reference.endswith(".css") for reference in references)
    for reference in references:
        assert local_file(reference).is_file(), f"{reference} is not in the built page"


def test_the_page_has_no_inline_script_and_no_inline_style(index: str) -> None:
    """A content security policy with `script-src 'self'` lets the page work."""
    assert References(index).inline == []


def test_the_inline_check_would_find_each_kind() -> None:
    """The check above can fail: it sees a script, a style and a handler where there is one."""
    assert References('<script>alert()</script><style></style><p style="x" onclick="y">').inline == [
        "alert()",
        "style",
        "style",
        "onclick",
    ]


def test_style_sheets_load_nothing_from_elsewhere(assets: dict[str, str]) -> None:
    """Fonts and pictures come from the same folder or from the style sheet itself."""
    sheets = [text for name, text in assets.items() if name.endswith(".css")]
    assert sheets
    for sheet in sheets:
        assert not re.search(r"@import\b", sheet)
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", sheet):
            assert address.startswith("data:") or (
                not address.startswith(("//", "http")) and local_file(address).is_file()
            ), f"{address[:80]} is fetched from elsewhere or is missing"


def test_scripts_import_and_start_only_files_of_ours(assets: dict[str, str]) -> None:
    """Imports, workers and late pieces all name built files."""
    named: set[str] = set()
    for name, script in assets.items():
        if name.endswith(".js"):
            foreign = [address for address in LOADS.findall(script) if re.match(r"(?:https?:)?//", address)]
            assert foreign == [], f"{name} loads {foreign}"
            named |= set(re.findall(r"[`'\"](?:\./|/graphiql/|/graphiql/assets/|assets/)([\w.-]+\.js)[`'\"]", script))
    assert {name.split("-")[0] for name in named} >= {"editor.worker", "json.worker", "graphql.worker"}
    assert named <= assets.keys(), f"missing: {named - assets.keys()}"


def test_hashed_names_let_the_files_be_cached_for_ever(index: str) -> None:
    """Only index.html keeps its name between two builds."""
    assert all(re.search(r"-[\w-]{8}\.\w+$", path.name) for path in (PAGE / "assets").iterdir())


def test_an_image_address_in_an_answer_is_never_fetched(assets: dict[str, str]) -> None:
    """GraphiQL's preview, which asks a stranger's server for a picture named in an answer, is not in the bundle."""
    preview = re.compile(r"bmp\|gif\|jpe\?g\|png\|svg\|webp")
    original = SOURCE / "node_modules/@graphiql/react/dist/components/image-preview.js"
    assert preview.search(original.read_text()), "GraphiQL's preview moved: look for it anew"
    assert not [name for name, text in assets.items() if preview.search(text)]


def test_no_source_of_ours_writes_to_what_outlives_the_tab() -> None:
    """Tokens and variables hold personal data: sessionStorage forgets them with the tab, localStorage would not."""
    code = "\n".join(re.sub(r"//.*", "", path.read_text()) for path in (SOURCE / "src").glob("*.ts*"))
    assert "sessionStorage" in code
    for lasting in ("localStorage", "indexedDB", "document.cookie", "history.pushState", "location.hash"):
        assert lasting not in code


@pytest.mark.parametrize("lock", ["console/graphiql/package-lock.json", "requirements/console.txt"])
def test_locks_hold_hashes_and_no_address(lock: str) -> None:
    """What is installed is named by version and hash; where it comes from is the installing machine's business."""
    text = (PROJECT / lock).read_text()
    assert "://" not in text
    assert "sha512-" in text or "--hash=sha256:" in text


def test_every_locked_package_has_its_hash_and_every_wish_is_exact() -> None:
    """Two machines build the same page."""
    packages = json.loads((SOURCE / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []
    wishes = json.loads((SOURCE / "package.json").read_text())
    versions = (wishes["dependencies"] | wishes["devDependencies"]).values()
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_the_sources_keep_their_types_and_their_promises(index: str) -> None:
    """The bundler only strips types, so the compiler reads them; console/graphiql/test says what the page promises."""
    command = ["make", "--silent", "graphiql-check"]
    checked = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
