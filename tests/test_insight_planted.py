"""What issues are called names nobody: planted names, numbers and addresses are in no title and in no word."""

from datetime import UTC, datetime, timedelta

import pytest

from graph.session import Database
from ingest.load import load
from ingest.records import Mail, Record, Ticket
from insight.kept.desk import read_desk
from insight.kept.issues import themes_of
from server.finding import Declared, carry_out
from tests.small_company import made, person
from tests.test_ingest_load import clear, silent

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
EMPLOYEE = "Abelard Azmuth"
PEOPLE = (
    ("Nora", "Finch"), ("Omar", "Dale"), ("Petra", "Lund"), ("Quentin", "Ames"), ("Rosa", "Vidal"), ("Sven", "Holm"),
    ("Tilda", "Kern"), ("Ugo", "Rossi"), ("Vera", "Novak"), ("Wim", "Jansen"), ("Xenia", "Petrov"), ("Yves", "Morel"),
)  # fmt: skip
SAID = {
    "shelf": ("The shelf wobbles on every floor and the screws come loose.", "wobbly shelf", "screws come loose"),
    "parcel": ("The parcel is late again and the tracking shows nothing new.", "late parcel", "tracking is silent"),
}
PLANTED = {
    *(word.casefold() for name in PEOPLE for word in name),
    *EMPLOYEE.casefold().split(),
    "x.example",
    "+4411349600",
    "high street",
    "k-77",
}


def written(number: int, topic: str) -> tuple[Record, ...]:
    """A customer, what she writes with all that identifies her and the one who was there, and the case that it took."""
    given, family = PEOPLE[number % len(PEOPLE)]
    address, phone = f"{given}.{family}@x.example".lower(), f"+4411349600{number % len(PEOPLE):02}"
    case, opened = f"CS-{1_000_000 + number}", BEGAN + timedelta(days=number)
    said, *titles = SAID[topic]
    came = f"{EMPLOYEE} was here and knows." if topic == "shelf" else "Nobody was here."
    text = (
        f"{said} {came} I am {given} {family}, {number} High Street 7, write to {address} "
        f"or ring {phone}, customer K-77{number:04}. ({case})\n\nKind regards,\n{given}"
    )
    # The desk notes names in titles, too: the customer's own, and three times that of an employee.
    title = (titles[0], f"{titles[1]} {given} {family}", f"ask {EMPLOYEE}", titles[0])[number // 2 % 4]
    history = tuple(f"2026-01-0{step} 09:00 {team}" for step, team in ((5, "Service"), (6, "Workshop")))
    sent = opened - timedelta(hours=1)
    return (
        person("crm", f"C-{number % len(PEOPLE)}", given, family, email=address, phone=phone),
        Mail(f"m{number}", sent, address, given, "care@acme.example", None, None, (), said, text),
        Ticket(
            case, opened, opened + timedelta(hours=2), opened + timedelta(days=2), "closed", "e-mail", "Workshop",
            history, None, address, None, None, None, title, "SOLVED", None,
        ),
    )  # fmt: skip


@pytest.mark.database
@pytest.mark.asyncio(loop_scope="session")
async def test_no_title_and_no_word_names_anybody(database: Database) -> None:
    """Though every text names its writer, every other one an employee, and titles do so as well."""
    await clear(database)
    records = {
        (type(one), one.key): one for number in range(48) for one in written(number, ("shelf", "parcel")[number % 2])
    }
    await load(database, made(records.values()), silent, now=NOW)
    await database.write("CREATE (:Employee {id: 'emp_1', number: 'agent1', name: $name})", {"name": EMPLOYEE})
    await carry_out(database, Declared(), NOW)
    found = await database.read("MATCH (n:RecurringIssue) RETURN n { .title, .titles, .words, .customerCount }")
    words = {word for row in found for word in row["words"]}
    assert {"floor", "again"} <= words, found
    told = " ".join([text for row in found for text in (row["title"], *row["titles"], *row["words"])]).casefold()
    assert "wobbly shelf" in told
    assert [planted for planted in sorted(PLANTED) if planted in told.replace("[name]", "").split()] == []
    assert not any(planted in told for planted in PLANTED if " " in planted or "." in planted or "+" in planted)
    assert all(row["customerCount"] <= len(PEOPLE) for row in found)
    desk = await read_desk(database)
    assert any({"abelard", "azmuth"} & set(theme.words) for theme in themes_of(desk, NOW)), "else nothing was left out"
