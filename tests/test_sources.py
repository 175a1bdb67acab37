"""Sources: what is wrong is told with the file and what to do, the SQL is shut in, and no value gets into a message."""

import os
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.exports import delivery
from ingest.fields import Unreadable
from ingest.records import Mail, OrderRecord, Profile
from ingest.rows import Exports, Reject
from ingest.sources.mail import mail
from ingest.survivorship import Candidate, survive
from ingest.survivorship_file import shipped
from schema.errors import CustomerGraphError, MappingFailed, MappingInvalid, SourceInvalid

TOML = 'system = "shop"\nabout = "A shop."\nowner = "Shop"\n'
CUSTOMERS = "SELECT id, name, country, birth_date, _row FROM csv_rows('c.csv')"
ROWS = "id,name,country,birth_date\n1,Ann Lee,DE,1980-01-02\n2,Secret Person,DE,1981-01-02\n"


@pytest.fixture(autouse=True)
def nothing_stays_behind(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What was laid out for the SQL is taken away, whatever came of it: it holds personal data."""
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    yield
    assert list(temporary.iterdir()) == []


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


def source(folder: Path, files: Sequence[str] = ("c.csv",), more: str = "", system: str = "shop", **sql: str) -> Path:
    """A source folder beside its exports."""
    made = folder / "sources" / system
    made.mkdir(parents=True, exist_ok=True)
    exports = "".join(f'[[exports]]\nfile = "{file}"\n' for file in files)
    (made / "source.toml").write_text(TOML.replace("shop", system) + exports + more, encoding="utf-8")
    for table, text in sql.items():
        (made / f"{table}.sql").write_text(text, encoding="utf-8")
    return folder / "sources"


def read(folder: Path) -> Exports:
    """What the sources under a folder deliver from the exports under it."""
    return delivery([folder / "sources"], folder).read(silent)


def refused(exports: Exports) -> list[tuple[str, int, str, str]]:
    """Where and why."""
    return [(one.file, one.line, one.column, one.reason) for one in exports.rejects]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("system = ", "is not TOML"),
        (TOML.replace("owner", "keeper"), "owner: Field required; keeper: Extra inputs are not permitted"),
        (TOML.replace('"shop"', '"My Shop"'), "system: String should match pattern"),
        (TOML + 'fresh_within = "soon"', "fresh_within: must be such as '1 day'"),
        (TOML + 'record_for = ["shoe"]', "record_for.1: must name attributes of a golden record: givenName"),
        (TOML + 'keys = "EMAIL"', "keys: must be one of CUSTOMER_NUMBER"),
        (TOML + '[[exports]]\nfile = "../c.csv"', "exports.1.file: must be a path below the folder of exports"),
        (TOML + '[[exports]]\nfile = "/etc/passwd"', "exports.1.file: must be a path below"),
        (TOML + '[[exports]]\nfile = "c.csv"\nencoding = "klingon"', "exports.1.encoding: must be an encoding such as"),
        (TOML.replace("shop", "orders"), "a source with customers cannot be called 'orders'"),
    ],
)
def test_a_source_toml_that_is_wrong_says_what_to_correct(tmp_path: Path, text: str, told: str) -> None:
    """With folder and file."""
    folder = source(tmp_path, customers=CUSTOMERS)
    (folder / "shop" / "source.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceInvalid) as wrong:
        delivery([folder])
    assert str(wrong.value).startswith("shop/source.toml")
    assert told in str(wrong.value)


def test_folders_that_make_no_company_are_refused(tmp_path: Path) -> None:
    """A table that does not exist, nothing to read, one system twice, no source, no export."""
    with pytest.raises(
        SourceInvalid, match=r"shop/customer.sql is named for no canonical table. Perhaps customers.sql\?"
    ):
        delivery([source(tmp_path / "a", customer=CUSTOMERS)])
    with pytest.raises(SourceInvalid, match="nothing would be read"):
        delivery([source(tmp_path / "b")])
    twice = source(tmp_path / "c", customers=CUSTOMERS)
    with pytest.raises(SourceInvalid, match="each source needs its own"):
        delivery([twice, source(tmp_path / "d", customers=CUSTOMERS)])
    (tmp_path / "e").mkdir()
    with pytest.raises(SourceInvalid, match="e is no source"):
        delivery([twice, tmp_path / "e"])
    with pytest.raises(SourceInvalid, match="No export that the sources name is there"):
        delivery([twice], tmp_path / "e").read(silent)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT nope AS id FROM csv_rows('c.csv')", 'shop/customers.sql: Referenced column "nope" not found'),
        ("SELEC id FROM csv_rows('c.csv')", 'shop/customers.sql: syntax error at or near "SELEC"'),
        ("SELECT 1 AS id; SELECT 2 AS id", "must be one SELECT and nothing else"),
        ("COPY (SELECT 1) TO 'x.csv'", "must be one SELECT and nothing else"),
        ("CREATE TABLE t AS SELECT 1", "must be one SELECT and nothing else"),
        ("INSTALL httpfs", "must be one SELECT and nothing else"),
        ("SET enable_external_access = true", "must be one SELECT and nothing else"),
        ("", "must be one SELECT and nothing else"),
        ("SELECT name FROM csv_rows('c.csv')", "does not give id, country, which its table requires"),
        ("SELECT 1 AS id, 'DE' AS country, 1 AS birthdate", "birthdate that its table does not have: perhaps birth_"),
        ("SELECT id, country, id AS ID FROM csv_rows('c.csv')", "gives id twice"),
        ("SELECT * FROM csv_rows('other.csv')", "reads a file that source.toml does not name under [[exports]]"),
        ("SELECT content AS id FROM read_text('/etc/passwd')", "reads a file that source.toml does not name"),
        ("SELECT content AS id FROM read_text('../../../../../etc/passwd')", "reads a file that source.toml"),
        ("SELECT * FROM read_csv('https://127.0.0.1:9/c.csv')", "reads a file that source.toml does not name"),
        ("SELECT * FROM sqlite_scan('c.csv', 't')", "shop/customers.sql: "),
    ],
)  # fmt: skip
def test_sql_that_cannot_stand_is_refused_as_a_whole(tmp_path: Path, sql: str, told: str) -> None:
    """With its file and what to do; it is shut in with the exports that source.toml names."""
    (tmp_path / "c.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "other.csv").write_text(ROWS, encoding="utf-8")
    source(tmp_path, customers=sql)
    with pytest.raises(MappingInvalid) as wrong:
        read(tmp_path)
    assert told in str(wrong.value)
    assert "Secret" not in str(wrong.value)


@pytest.mark.parametrize(
    ("content", "sql"),
    [
        (ROWS, "SELECT CAST(name AS INTEGER) AS id, country, _row FROM csv_rows('c.csv')"),
        (ROWS, "SELECT error(name) AS id, country FROM csv_rows('c.csv')"),
        (ROWS, "SELECT strptime(name, '%Y') AS birth_date, id, country FROM csv_rows('c.csv')"),
        (ROWS, "SELECT * FROM read_parquet('c.csv')"),
        (ROWS, "SELECT json->>'$.a' AS id, 'DE' AS country FROM json_list('c.csv', '$.list')"),
        ('{"lost": "Secret"}', "SELECT json->>'$.a' AS id, 'DE' AS country FROM json_list('c.csv', '$.list')"),
        ("Secret,Person\nSecret,Other\n", "SELECT id, country FROM csv_rows('c.csv')"),
        ("Secret,Person\nSecret,Other\n", "SELECT *, 1 AS id, 'DE' AS country FROM csv_rows('c.csv')"),
        ("id,country\n1,Secret\n", "SELECT id, CAST(country AS DATE) AS country FROM read_csv('c.csv')"),
    ],
)
def test_what_breaks_off_at_a_row_does_not_tell_its_values(tmp_path: Path, content: str, sql: str) -> None:
    """DuckDB's own messages quote them, and a file without its header has values for names."""
    (tmp_path / "c.csv").write_text(content, encoding="utf-8")
    source(tmp_path, customers=sql)
    with pytest.raises((MappingFailed, MappingInvalid)) as wrong:
        read(tmp_path)
    told: BaseException | None = wrong.value
    assert isinstance(told, CustomerGraphError)
    assert "shop/customers.sql" in str(told)
    while told is not None:
        assert "secret" not in str(told).casefold()
        told = told.__cause__


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "latin-1"])
def test_text_in_any_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    """The SQL sees UTF-8; letters that were encoded twice are put right."""
    (tmp_path / "c.csv").write_text("id,name\n1,Zoé Müller\n2,ZoÃ© MÃ¼ller\n", encoding=encoding)
    folder = source(tmp_path, (), f'[[exports]]\nfile = "c.csv"\nencoding = "{encoding}"\n')
    (folder / "shop" / "customers.sql").write_text("SELECT id, name, 'FR' AS country FROM csv_rows('c.csv')")
    assert [one.name.full for one in read(tmp_path).of(Profile)] == ["Zoé Müller", "Zoé Müller"]


def test_bytes_outside_the_encoding_refuse_their_row_alone(tmp_path: Path) -> None:
    """By the column where the encoding was named; the rows around it are read."""
    (tmp_path / "c.csv").write_bytes(b"id,name\n1,Ann Lee\n2,K\x81ln\n3,Joe Lee\n")
    folder = source(tmp_path, (), '[[exports]]\nfile = "c.csv"\nencoding = "cp1252"\n')
    (folder / "shop" / "customers.sql").write_text("SELECT id, name, 'FR' AS country, _row FROM csv_rows('c.csv')")
    exports = read(tmp_path)
    assert [one.key for one in exports.of(Profile)] == ["1", "3"]
    assert refused(exports) == [("c.csv", 3, "name", "letters outside the encoding")]
    source(tmp_path)
    exports = read(tmp_path)
    assert [one.key for one in exports.of(Profile)] == ["1", "3"]
    assert [(file, line) for file, line, _, _ in refused(exports)] == [("c.csv", 3)]


def test_rows_that_cannot_be_read_are_told_by_file_and_line(tmp_path: Path) -> None:
    """Also after lines that are no rows at all; without _row by the SQL file."""
    (tmp_path / "c.csv").write_text(
        "id,name,country,birth_date\n1,A,DE,\n2,B,DE,,x,y\n3,C,DE,31.02.1980\n4,D\n5,E,Narnia,\n,F,DE,\n",
        encoding="utf-8",
    )
    source(tmp_path, customers=CUSTOMERS.replace("birth_date,", "as_date(birth_date, '%d.%m.%Y') AS birth_date,"))
    exports = read(tmp_path)
    assert refused(exports) == [
        ("c.csv", 3, "", "too many columns"),
        ("c.csv", 5, "birth_date", "missing columns"),
        ("c.csv", 4, "birth_date", "not a date"),
        ("c.csv", 6, "country", "unknown country"),
        ("c.csv", 7, "id", "missing"),
    ]
    source(tmp_path, customers="SELECT id, country FROM csv_rows('c.csv')")
    assert ("shop/customers.sql", 0, "country", "unknown country") in refused(read(tmp_path))


def test_a_cast_that_fails_loses_no_row_in_silence(tmp_path: Path) -> None:
    """DuckDB may do it while it reads the file: then the row is refused by its line, else the SQL as a whole."""
    (tmp_path / "c.csv").write_text("id,country\n1,DE\nx1,DE\n2,DE\n", encoding="utf-8")
    source(tmp_path, customers="SELECT CAST(id AS INTEGER) AS id, country FROM csv_rows('c.csv')")
    exports = read(tmp_path)
    assert [one.key for one in exports.of(Profile)] == ["1", "2"]
    assert refused(exports) == [("c.csv", 3, "id", "cast")]


def test_a_row_is_kept_whole(tmp_path: Path) -> None:
    """All its columns where `_row` is selected, else those of the SELECT, typed values as text."""
    (tmp_path / "c.csv").write_text("id,shoe\n1,42\n", encoding="utf-8")
    source(tmp_path, customers="SELECT id, 'DE' AS country, _row FROM csv_rows('c.csv')")
    assert [one.row.payload for one in read(tmp_path).reads] == [{"id": "1", "shoe": "42"}]
    source(
        tmp_path,
        customers="SELECT id, 'DE' AS country, DATE '2020-02-03' AS since, 1.50 AS balance FROM csv_rows('c.csv')",
    )
    assert [one.row.payload for one in read(tmp_path).reads] == [
        {"id": "1", "country": "DE", "since": "2020-02-03", "balance": "1.50"}
    ]


@pytest.mark.parametrize(
    ("expression", "becomes"),
    [
        ("as_date('31.12.2024', '%d.%m.%Y')", "2024-12-31"),
        ("as_date('31.02.2024', '%d.%m.%Y')", "31.02.2024"),
        ("as_date(NULL, '%d.%m.%Y')", None),
        ("as_time('31.12.2024 23:30', '%d.%m.%Y %H:%M')", "2024-12-31T23:30:00"),
        ("as_time('31.07.2024 01:30', '%d.%m.%Y %H:%M', zone := 'Europe/Paris')", "2024-07-30T23:30:00"),
        ("as_time('soon', '%d.%m.%Y %H:%M', zone := 'Europe/Paris')", "soon"),
        ("as_amount('-1.299,50')", "-1299.50"),
        ("as_amount('1\u202f299,50')", "1299.50"),
        ("as_amount('1 299,50')", "1299.50"),
        ("as_amount('1,299.50', mark := '.')", "1299.50"),
        ("as_amount('much')", "much"),
    ],
)
def test_macros_turn_notations_into_iso_text_and_leave_what_they_cannot_read(
    tmp_path: Path, expression: str, becomes: str | None
) -> None:
    """As docs/canonical-tables.md says."""
    (tmp_path / "c.csv").write_text("id\n1\n", encoding="utf-8")
    source(tmp_path, customers=f"SELECT id, 'DE' AS country, {expression} AS city FROM csv_rows('c.csv')")
    assert [one.address.city for one in read(tmp_path).of(Profile)] == [becomes]


def test_exports_by_pattern_and_in_folders(tmp_path: Path) -> None:
    """Files that match, read as one; each row knows its own."""
    (tmp_path / "day").mkdir()
    for day in (1, 2):
        (tmp_path / "day" / f"c-{day}.jsonl").write_text(f'{{"id": {day}}}\n', encoding="utf-8")
    source(
        tmp_path,
        ("day/c-*.jsonl",),
        customers="SELECT json->>'$.id' AS id, 'DE' AS country, _row FROM json_rows('day/c-*.jsonl')",
    )
    assert sorted((one.row.file, one.record.key) for one in read(tmp_path).reads) == [
        ("c-1.jsonl", "1"),
        ("c-2.jsonl", "2"),
    ]


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Nr</t></is></c><c r="B1" t="inlineStr"><is><t>Wer</t></is></c></row>'
    '<row r="2"><c r="A2"><v>17</v></c><c r="B2" t="inlineStr"><is><t>Ann Lee</t></is></c></row>'
    "</sheetData></worksheet>"
)
BOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="Kunden" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/worksheets/sheet1.xml": SHEET,
}


def test_workbooks_and_databases_are_schemas(tmp_path: Path) -> None:
    """Excel by sheets, DuckDB by its own tables; what is none is refused by its name."""
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as book:
        for name, text in BOOK.items():
            book.writestr(name, text)
    with duckdb.connect(str(tmp_path / "depot.duckdb")) as made:
        made.execute("CREATE TABLE bought AS SELECT 'o1' AS no, DATE '2024-02-03' AS day, 12.5::DECIMAL(9,2) AS sum")
    source(
        tmp_path,
        ("book.xlsx", "depot.duckdb"),
        customers="SELECT Nr AS id, Wer AS name, 'DE' AS country FROM book.Kunden",
        orders="SELECT no AS id, day AS placed_at, 'done' AS status, sum AS total FROM depot.main.bought",
    )
    exports = read(tmp_path)
    assert [(one.key, one.name.full) for one in exports.of(Profile)] == [("17", "Ann Lee")]
    assert [(one.key, one.total) for one in exports.of(OrderRecord)] == [("o1", 1250)]
    for name in ("book.xlsx", "till.sqlite", "depot.duckdb"):
        (tmp_path / name).write_bytes(b"no such thing" * 100)
        broken = delivery([source(tmp_path / name[:1], (name,), customers="SELECT 1 AS id, 'DE' AS country")], tmp_path)
        with pytest.raises(SourceInvalid, match=f"{name} is not a"):
            broken.read(silent)


def test_one_key_of_two_systems_is_not_taken_for_one_order(tmp_path: Path) -> None:
    """The second is refused; ids of customers are their systems' own."""
    (tmp_path / "c.csv").write_text("id\n1\n", encoding="utf-8")
    sql = {
        "customers": "SELECT id, 'DE' AS country FROM csv_rows('c.csv')",
        "orders": "SELECT id, '2024-02-03' AS placed_at, 'done' AS status, _row FROM csv_rows('c.csv')",
    }
    source(tmp_path, **sql)
    source(tmp_path, system="till", **sql)
    exports = read(tmp_path)
    assert [(one.system, one.key) for one in exports.of(Profile)] == [("shop", "1"), ("till", "1")]
    assert len(exports.of(OrderRecord)) == 1
    assert refused(exports) == [("c.csv", 2, "id", "key of another source (shop)")]
    assert exports.rejects[0].table == "orders"


def test_exports_that_are_old_or_absent_are_told(tmp_path: Path) -> None:
    """By its system; a fresh one is not."""
    (tmp_path / "c.csv").write_text(ROWS, encoding="utf-8")
    folder = source(tmp_path, customers=CUSTOMERS)
    path = folder / "shop" / "source.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("owner", 'fresh_within = "2 days"\nowner'), encoding="utf-8"
    )
    assert read(tmp_path).notes == ()
    old = time.time() - 3 * 24 * 3600
    os.utime(tmp_path / "c.csv", (old, old))
    (note,) = read(tmp_path).notes
    assert note.startswith("shop: exported ")
    assert note.endswith("should be within 2 days")
    source(tmp_path, ("absent.csv",), customers=CUSTOMERS, system="till")
    assert read(tmp_path).notes == (note, "no export is there of till")


def test_what_decides_on_a_read_is_in_its_digest(tmp_path: Path) -> None:
    """SQL, source.toml and exports; where they lie is not."""
    (tmp_path / "c.csv").write_text(ROWS, encoding="utf-8")
    folder = source(tmp_path, customers=CUSTOMERS)
    first = delivery([folder], tmp_path).digest()
    assert delivery([folder / "shop"], tmp_path).digest() == first
    changed = {first}
    for path in (folder / "shop" / "customers.sql", folder / "shop" / "source.toml", tmp_path / "c.csv"):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        changed.add(delivery([folder], tmp_path).digest())
    assert len(changed) == 4


CARDS = """BEGIN:VCARD
VERSION:3.0
UID:u-1
N:Lee;Ann;Q.;Dr.;Jr.
FN:Dr. Ann Q. Lee Jr.
EMAIL;TYPE=work:ann@x.example
EMAIL:ann2@x.example
TEL;TYPE=cell:+44 7700 900123
ADR;TYPE=home:;Flat 2;1 Elm St;Town;;10001;Deutschland
BDAY:19800102
REV:2024-01-01T00:00:00Z
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Jörg Ritter
TEL;VALUE=uri:tel:+49-151-58890000
END:VCARD
BEGIN:VCARD
this is not a line of a card
END:VCARD
"""


def test_cards_are_customers(tmp_path: Path) -> None:
    """In parts or as one name; without UID by a key made of name and handle; what is no card is refused by its line."""
    (tmp_path / "book.vcf").write_text(CARDS, encoding="utf-8")
    source(tmp_path, (), '[[cards]]\npath = "book.vcf"\ncountry = "DE"\n')
    exports = read(tmp_path)
    one, other = exports.of(Profile)
    assert (one.key, one.name.given, one.name.family, one.name.suffix) == ("u-1", "Ann", "Lee", "jr")
    assert (one.birth_date, one.emails, one.phones) == (
        date(1980, 1, 2),
        ("ann@x.example", "ann2@x.example"),
        ("+447700900123",),
    )
    assert (one.address.line1, one.address.line2, one.address.postal_code, one.address.country) == (
        "1 Elm St",
        "Flat 2",
        "10001",
        "DE",
    )
    assert (other.name.full, other.phones, other.address.country) == ("Jörg Ritter", ("+4915158890000",), "DE")
    assert other.key
    assert exports.rejects == (Reject("book.vcf", 18, "card", "not a vCard"),)


def test_mails_of_a_folder(tmp_path: Path) -> None:
    """Single mails and mailboxes, and one that has no key."""
    (tmp_path / "in").mkdir()
    sent = "From: a@x.example\nTo: care@y.example\nDate: Thu, 04 Jan 2024 13:46:44 +0000\n{}\n\nhello\n"
    (tmp_path / "in" / "1.eml").write_text(sent.format("Message-ID: <1@x>"), encoding="utf-8")
    (tmp_path / "in" / "2.eml").write_text(sent.format("Subject: none"), encoding="utf-8")
    (tmp_path / "in" / "3.mbox").write_text("From a\n" + sent.format("Message-ID: <3@x>"), encoding="utf-8")
    source(tmp_path, (), '[[messages]]\npath = "in"\n')
    exports = read(tmp_path)
    assert [one.key for one in exports.of(Mail)] == ["<1@x>", "<3@x>"]
    assert refused(exports) == [("in/2.eml", 1, "Message-ID", "missing")]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_headers_that_say_no_encoding_are_read(encoding: str) -> None:
    """RFC 6532 allows UTF-8 as it is; older programs wrote their own code page."""
    text = "From: Chloé Martin <c@x.example>\nDate: Thu, 04 Jan 2024 13:46:44 +0000\nMessage-ID: <1@x>\n\n"
    assert mail(text.encode(encoding)).from_name == "Chloé Martin"


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_whatever_bytes_a_mail_holds_it_can_be_kept(header: bytes, body: bytes) -> None:
    """A mail that a parser lets pass can be written as UTF-8, or is refused as a row."""
    rest = b"\nDate: Thu, 04 Jan 2024 13:46:44 +0000\nMessage-ID: <1@x>\n\n"
    try:
        read = mail(b"From: " + header + b" <a@x.example>\nSubject: " + header + rest + body)
    except Unreadable:
        return
    assert orjson.dumps(read)


def test_the_system_of_record_comes_before_those_of_the_rule() -> None:
    """Where values are as good as each other; a weak one still loses."""
    ours, theirs = Candidate("Zoé", "club", "1", None), Candidate("Zoe", "crm", "1", None)
    plain, named = (
        survive(shipped().believing(record_for)["givenName"], [ours, theirs])
        for record_for in ({}, {"givenName": ("club",)})
    )
    assert plain is not None
    assert named is not None
    assert (plain.chosen.value, named.chosen.value) == ("Zoe", "Zoé")
    rules = shipped().believing({"givenName": ("club",)})["givenName"]
    weak = survive(rules, [Candidate("Z.", "club", "1", None, weak=True), theirs])
    assert weak is not None
    assert weak.chosen.value == "Zoe"


def test_a_column_that_the_sql_does_not_name_is_not_told(tmp_path: Path) -> None:
    """Of a file without its header it would be a value."""
    (tmp_path / "c.csv").write_text("1,Secret Person\n2\n3,Joe Lee\n", encoding="utf-8")
    source(tmp_path, customers="SELECT c.id, 'DE' AS country, c.name FROM csv_rows('c.csv') AS c(id, name)")
    exports = read(tmp_path)
    assert [one.key for one in exports.of(Profile)] == ["3"]
    assert refused(exports) == [("c.csv", 2, "", "missing columns")]
