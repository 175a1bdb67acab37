"""The sample company through its sources: each format with its traps, and rows that cannot be read."""

import json
from collections import defaultdict
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path

import pytest

from ingest.exports import SAMPLE_SOURCES, read_folder
from ingest.records import Call, Chat, InvoiceRecord, Mail, OrderRecord, Parcel, ProductRecord, Profile, Record, Ticket
from ingest.rows import Read, Reject
from ingest.sources.folder import read_sources
from ingest.sources.read import Sources
from schema.errors import MappingInvalid, SourceInvalid

BILLING = (
    "CUST_NO;ACCT_NAME;BILL_STREET;BILL_ADD;ZIP;CITY;CTRY;TEL;EMAIL;DOB;IBAN_LAST4;OPENED;CHANGED;BALANCE;STATUS\r\n"
)
BILLING_ROW = (
    "K-000001;DÖRR, Zoé;Hauptstr. 1;;18331;Köln;DE;0151 58890000;Zoe@example.com;16.10.1978;;01.02.2020;03.04.2021;"
    "-1.127,55;A\r\n"
)
CRM = (
    '"Id","Salutation","FirstName","MiddleName","LastName","Suffix","Email","SecondaryEmail","Phone","MobilePhone",'
    '"MailingStreet","MailingCity","MailingState","MailingPostalCode","MailingCountryCode","Birthdate","CustomerNumbers",'
    '"LeadSource","DoNotCall","HasOptedOutOfEmail","CreatedDate","LastModifiedDate","Description"\n'
)


def rows_of(folder: Path, file: str, content: bytes) -> list[Read | Reject]:
    """What the source of a file makes of these bytes: what is refused comes first."""
    (folder / file).write_bytes(content)
    (source,) = [one for one in read_sources([SAMPLE_SOURCES]) if file in one.paths]
    exports = Sources((source,), folder).read(silent)
    return [*exports.rejects, *exports.reads]


def silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


def records_of(folder: Path, file: str, content: str, encoding: str = "utf-8") -> list[Record]:
    """The records of a file in which every row is readable."""
    found = rows_of(folder, file, content.encode(encoding))
    assert not [one for one in found if isinstance(one, Reject)]
    return [one.record for one in found if isinstance(one, Read)]


def test_billing_speaks_cp1252_with_german_dates_and_decimal_commas(tmp_path: Path) -> None:
    """Letters, days, money, the family name first and the country's way of dialling."""
    (one,) = records_of(tmp_path, "billing.csv", BILLING + BILLING_ROW, "cp1252")
    assert isinstance(one, Profile)
    assert (one.name.given, one.name.family) == ("Zoé", "Dörr")
    assert (one.birth_date, one.since) == (date(1978, 10, 16), date(2020, 2, 1))
    assert one.balance == -112755
    assert one.emails == ("zoe@example.com",)
    assert one.phones == ("+4915158890000",)
    assert one.address.country == "DE"


@pytest.mark.parametrize("placeholder", ["01.01.1900", "01.01.1970", "01.01.2000"])
def test_a_birth_date_that_the_form_put_in_is_none(tmp_path: Path, placeholder: str) -> None:
    """Days that forms start with say nothing of the person."""
    (one,) = records_of(tmp_path, "billing.csv", BILLING + BILLING_ROW.replace("16.10.1978", placeholder), "cp1252")
    assert isinstance(one, Profile)
    assert one.birth_date is None


@pytest.mark.parametrize("placeholder", ["0000000000", "1234567890", "n/a", "-", "+49 000 000000", "999999999"])
def test_a_placeholder_is_no_phone(tmp_path: Path, placeholder: str) -> None:
    """Nobody is reached, and nobody is joined, by a number that a clerk made up."""
    (one,) = records_of(tmp_path, "billing.csv", BILLING + BILLING_ROW.replace("0151 58890000", placeholder), "cp1252")
    assert isinstance(one, Profile)
    assert one.phones == ()


@pytest.mark.parametrize(
    ("country", "code"),
    [("Deutschland", "DE"), ("D", "DE"), ("U.S.A.", "US"), ("England", "GB"), ("España", "ES"), ("Türkiye", "TR"),
     ("Polska", "PL"), ("France", "FR"), ("Norwegen", "NO"), ("Japon", "JP")],
)  # fmt: skip
def test_shipping_has_a_mark_of_byte_order_and_countries_in_any_language(
    tmp_path: Path, country: str, code: str
) -> None:
    """One name column, a word for the country, and double-encoded letters put right."""
    (one,) = records_of(
        tmp_path,
        "shipping.csv",
        "\ufeffshipping_account,recipient,care_of,address_line_1,address_line_2,postal_code,town,region,country,"
        "contact_phone,contact_email,first_parcel_at,last_parcel_at,parcels\n"
        f"SHP1,Hans-JÃ¶rg K. Ritter,,Weg 1,,12345,Ort,,{country},,,2021-01-02T03:04:05Z,2022-01-02T03:04:05Z,3\n",
    )
    assert isinstance(one, Profile)
    assert (one.name.given, one.name.middle, one.name.family) == ("Hans-Jörg", "K.", "Ritter")
    assert one.address.country == code
    assert one.changed_at == datetime(2022, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_sales_has_line_breaks_in_fields_and_two_forms_of_birth_dates(tmp_path: Path) -> None:
    """A row may span lines; a formula in a description is text like any other."""
    row = (
        '"003{n}","Mr.","Ann","","Lee","Sr.","ann@example.com","ann+x@example.com","","+12125558643","1 Elm\nApt. 2",'
        '"Town","NY","10001","US","{born}","K-1|K-2","Web","false","false","2025-07-12T09:00:00.000+0000",'
        '"2025-07-17T05:15:00.000+0000","=HYPERLINK(""http://mail.example"")"\n'
    )
    content = CRM + row.format(n=1, born="07/03/1954") + row.format(n=2, born="1954-07-03")
    one, other = records_of(tmp_path, "crm.csv", content)
    assert isinstance(one, Profile)
    assert isinstance(other, Profile)
    assert one.birth_date == other.birth_date == date(1954, 7, 3)
    assert (one.address.line1, one.address.line2) == ("1 Elm", "Apt. 2")
    assert one.references == ("K-1", "K-2")
    assert one.name.suffix == "sr"


def test_products_have_points_between_thousands(tmp_path: Path) -> None:
    """`1.299,00` is one thousand two hundred and ninety-nine."""
    (one,) = records_of(
        tmp_path,
        "products.csv",
        "\ufeffArtikel;Bezeichnung;Warengruppe;Lieferant;VK_EUR;Einfuehrung;Auslauf;Revision;Rev_ab\n"
        "AH-1;Sofa;Furniture;79;1.299,00;15.03.2023;;B;17.12.2025\n",
    )
    assert isinstance(one, ProductRecord)
    assert one.price == 129900


def test_guests_share_a_number_that_is_nobodys(tmp_path: Path) -> None:
    """K-000000 leads to no customer; G is a credit note."""
    (one,) = records_of(
        tmp_path,
        "invoices.csv",
        "INV_NO;CUST_NO;ORDER_NO;INV_DATE;DUE;PAID;AMOUNT;CURR;KIND;DUNNING\n"
        "G1;K-000000;A1;02.01.2024;;;-3,50;EUR;G;0\n",
    )
    assert isinstance(one, InvoiceRecord)
    assert one.customer is None
    assert one.credit
    assert one.amount == -350


def test_orders_count_in_hundredths(tmp_path: Path) -> None:
    """A JSON number becomes money without passing through binary fractions."""
    (one,) = records_of(
        tmp_path,
        "orders.jsonl",
        '{"orderId":"A1","placedAt":"2024-11-03T19:34:38Z","status":"completed","customer":{"type":"guest"},'
        '"lines":[{"sku":"AH-1","qty":3,"unitPrice":0.29}],"total":{"amount":1.15,"currency":"EUR"}}\n',
    )
    assert isinstance(one, OrderRecord)
    assert one.total == 115
    assert one.lines[0].unit_price == 29


def test_histories_are_lists(tmp_path: Path) -> None:
    """Steps of a parcel between bars, of a case between angles."""
    (parcel,) = records_of(
        tmp_path,
        "shipments.csv",
        "\ufeffparcel,shipping_account,order_ref,carrier,promised_on,delivered_at,status,delay_reason,history,recipient,address\n"
        'P1,,A1,Q,2024-01-06,,LABEL,,2024-01-01T08:06Z LABEL | 2024-01-04T05:06Z PICKED_UP,A B,"1 Elm, Town"\n',
    )
    (case,) = records_of(
        tmp_path,
        "cases.csv",
        "case_id|opened_at|first_response_at|closed_at|status|channel|team|queue_history|agent|reporter|order_no|"
        "mail_thread|origin_id|subject|resolution|csat\n"
        "CS-1|2024-01-03 21:40:43|||open|chat|B|2024-01-03 21:40 A > 2024-01-04 21:16 B|a1||||||||\n".replace(
            "||||||||", "|||||x||"
        ),
    )
    assert isinstance(parcel, Parcel)
    assert isinstance(case, Ticket)
    assert parcel.history == ("2024-01-01T08:06Z LABEL", "2024-01-04T05:06Z PICKED_UP")
    assert case.history == ("2024-01-03 21:40 A", "2024-01-04 21:16 B")


def test_calls_and_chats(tmp_path: Path) -> None:
    """A withheld number is none; what both sides of a chat said is kept in order."""
    (call,) = records_of(
        tmp_path,
        "calls.csv",
        "call_id,started_at,direction,caller,queue,agent,wait_s,talk_s,customer_no,outcome,notes\n"
        "CL-1,2024-01-06 06:25:39,in,anonymous,sales,a1,74,461,,solved,\"code 'x', ok\"\n",
    )
    (chat,) = records_of(
        tmp_path,
        "chats.jsonl",
        '{"id":"c1","started_at":"2025-01-27T21:47:56Z","channel":"web","visitor":{"anonymousId":"d"},"messages":['
        '{"at":"2025-01-27T21:47:56Z","from":"visitor","text":"Hi"},{"at":"2025-01-27T21:48:21Z","from":"agent","text":"Yes?"}],'
        '"tags":["billing"],"csat":null}\n',
    )
    assert isinstance(call, Call)
    assert isinstance(chat, Chat)
    assert call.caller is None
    assert [line.by_visitor for line in chat.lines] == [True, False]


MAILS = b"""From a@x.example Thu Jan 04 13:46:44 2024
From: =?iso-8859-1?q?J=F6rg?= <joerg@mail.example>
To: care@acmehome.example
Subject: =?utf-8?q?Bolet=C3=ADn?=
Date: Thu, 04 Jan 2024 14:46:44 +0100
Message-ID: <1@mail.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

bolet=EDn
>From here on

Am 4.1.2024 schrieb Care:
> older words

--b
Content-Type: text/html; charset="utf-8"

<p>twin</p>

--b--

From b@x.example Thu Jan 04 13:46:44 2024
From: b@mail.example
Subject: no key
Date: Thu, 04 Jan 2024 13:46:44 +0000

text
"""


def test_mails_are_read_without_what_they_quote(tmp_path: Path) -> None:
    """Charsets, the twin in HTML, quoted lines and the escape of the mailbox; a mail without a key is refused."""
    found = rows_of(tmp_path, "support.mbox", MAILS)
    assert [one for one in found if isinstance(one, Reject)] == [Reject("support.mbox", 2, "Message-ID", "missing")]
    (mail,) = [one.record for one in found if isinstance(one, Read)]
    assert isinstance(mail, Mail)
    assert (mail.from_name, mail.from_address, mail.subject) == ("Jörg", "joerg@mail.example", "Boletín")
    assert mail.text == "boletín\nFrom here on"
    assert mail.sent_at == datetime(2024, 1, 4, 13, 46, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    ("was", "becomes", "column", "reason"),
    [
        (b"16.10.1978", b"31.02.1978", "birth_date", "not a date"),
        (b"-1.127,55", b"much", "balance", "not an amount"),
        (b"-1.127,55", b"1,555", "balance", "parts of a hundredth"),
        (b";DE;", b";Narnia;", "country", "unknown country"),
        (b"K-000001", b"", "id", "missing"),
        (b"Hauptstr. 1", b"Haupt;str. 1", "", "too many columns"),
        (b"Hauptstr. 1", b"Haupt\x81str. 1", "street", "letters outside the encoding"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_place_and_reason_and_the_rest_goes_on(
    tmp_path: Path, was: bytes, becomes: bytes, column: str, reason: str
) -> None:
    """One refusal, which holds no value; the row after it is read."""
    row = BILLING_ROW.encode("cp1252")
    content = BILLING.encode() + row.replace(was, becomes, 1) + row.replace(b"K-000001", b"K-000002")
    refused, other = rows_of(tmp_path, "billing.csv", content)
    assert refused == Reject("billing.csv", 2, column, reason)
    assert isinstance(other, Read)
    assert other.record.key == "K-000002"


def test_a_line_that_is_no_json_is_refused_alone(tmp_path: Path) -> None:
    """Broken, nested beyond measure, or another kind of value."""
    lines = [
        b"{",
        b"[" * 100_000,
        b"[]",
        b'{"type":"page"}',
        b'{"type":"page","messageId":"m","timestamp":"2024-01-01T00:00:00Z"}',
    ]
    found = rows_of(tmp_path, "events.jsonl", b"\n".join(lines))
    assert [type(one) for one in found] == [Reject, Reject, Reject, Reject, Read]
    assert [one.line for one in found if isinstance(one, Reject)] == [1, 2, 3, 4]


def test_a_file_without_its_columns_is_refused_as_a_whole(tmp_path: Path) -> None:
    """The message names the file and the column."""
    with pytest.raises(MappingInvalid, match=r'billing/customers.sql: Referenced column "CUST_NO" not found'):
        rows_of(tmp_path, "billing.csv", b"A;B\n1;2\n")


def test_a_folder_without_exports_is_refused(tmp_path: Path) -> None:
    """An empty folder is a mistake, not an empty company."""
    with pytest.raises(SourceInvalid):
        read_folder(tmp_path, silent)


def test_every_row_of_the_sample_is_read(sample: Path) -> None:
    """All files are there, none of their rows is refused."""
    exports = read_folder(sample, silent)
    assert len(exports.sources) == len(list(SAMPLE_SOURCES.glob("*/source.toml"))) == 21
    assert exports.rejects == ()
    assert len(exports.reads) == 19584


@pytest.fixture
def sample() -> Path:
    """The sample company."""
    return Path(__file__).parent.parent / "examples" / "acme-home"


def test_the_records_of_the_sample_are_those_that_were_agreed(sample: Path, agree: bool) -> None:
    """Class by class, in order. The digests were first made by readers written by hand, which the SQL replaced."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in read_folder(sample, silent).reads:
        found[f"{one.source.system} {type(one.record).__name__}"].append(repr(one.record))
    digests = {
        name: {"records": len(records), "digest": blake2b("\n".join(records).encode(), digest_size=16).hexdigest()}
        for name, records in sorted(found.items())
    }
    golden = Path(__file__).parent / "golden_records.json"
    if agree:
        golden.write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")
    assert digests == json.loads(golden.read_text(encoding="utf-8"))
