"""The trail: what is disclosed is durably on record first, and whoever changes the record is found out."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.chain import Checkpoint, Link, Signer, beginning, examine, link
from auth.disclosure import Answered, Disclosure, Shown, Sought
from auth.segment import FILE, Segment, verified
from auth.trail import Trail
from schema.errors import DataFolderBusy, TrailDamaged, TrailUnavailable

ADA, BO = "cus_ada", "cus_bo"
NAMES = Shown(("Customer.email", "Customer.name"), ("Customer.birthDate",), (ADA, BO))


def disclosure(*shown: Shown, sought: Sought | None = None, viewer: str = "rep-7") -> Disclosure:
    """An answer to a service rep."""
    answered = Answered("customers", shown or (NAMES,), sought, ("Customer.region",))
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    return Disclosure(moment, viewer, "service_rep", "service", "r1", "0123456789abcdef", (answered,))


def written(folder: Path, times: int = 20) -> None:
    """A segment with some records, two checkpoints and an end in order."""
    segment = Segment(folder)
    for number in range(times):
        segment.append([disclosure()])
        if number == times // 2:
            segment.checkpoint()
    segment.close()


def faults(folder: Path, *kept: Checkpoint, public: str | None = None) -> tuple[str, ...]:
    """What an examination finds."""
    verdict = verified(folder, kept, public)
    assert verdict is not None
    return verdict.faults


def changed(folder: Path, *statements: str) -> None:
    """Change the file behind the back of whoever writes it."""
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        for statement in statements:
            database.execute(statement)


@pytest.mark.asyncio
async def test_a_record_is_there_for_others_once_it_is_acknowledged(tmp_path: Path) -> None:
    """Durable means: whoever opens the file now reads it, although the trail is still open."""
    async with Trail(tmp_path) as trail:
        await trail.record(disclosure())
        with closing(sqlite3.connect(tmp_path / FILE)) as other:
            (body,) = other.execute("SELECT body FROM records").fetchone()
    assert '"role":"service_rep"' in body
    assert faults(tmp_path) == ()


@pytest.mark.asyncio
async def test_many_at_once_share_commits_and_keep_their_order(tmp_path: Path) -> None:
    """Every one of them is on record, in one unbroken chain, with a checkpoint at the end."""
    async with Trail(tmp_path) as trail:
        await asyncio.gather(*(trail.record(disclosure(viewer=f"rep-{number}")) for number in range(2_000)))
    verdict = verified(tmp_path)
    assert verdict is not None
    assert (verdict.sequence, verdict.vouched, verdict.faults) == (2_000, 2_000, ())


@pytest.mark.parametrize(
    ("what", "change", "told"),
    [
        ("altered", "UPDATE records SET body = replace(body, 'service_rep', 'auditor') WHERE sequence = 7", "Record 7"),
        ("removed", "DELETE FROM records WHERE sequence = 7", "Record 7 is missing"),
        ("several removed", "DELETE FROM records WHERE sequence BETWEEN 3 AND 7", "Records 3 to 7 are missing"),
        ("the first removed", "DELETE FROM records WHERE sequence = 1", "Record 1 is missing"),
        ("the end removed", "DELETE FROM records WHERE sequence > 15", "Records 16 to 20 are missing at the end"),
        ("moved", "UPDATE records SET sequence = -sequence WHERE sequence IN (5, 6)", "stands after"),
        ("added", "INSERT INTO records SELECT 21, body, hash FROM records WHERE sequence = 20", "Record 21"),
        ("forged checkpoint", "UPDATE checkpoints SET at = '2020-01-01T00:00:00Z'", "was not signed"),
    ],
    ids=lambda value: value if " " not in value or len(value) < 20 else "",
)
def test_a_change_behind_its_back_is_found(tmp_path: Path, what: str, change: str, told: str) -> None:
    """Altered, removed, reordered and forged records."""
    written(tmp_path)
    assert faults(tmp_path) == ()
    changed(tmp_path, change)
    found = faults(tmp_path)
    assert any(told in fault for fault in found), (what, found)


def test_two_records_that_changed_places_are_found(tmp_path: Path) -> None:
    """Each of them is genuine; the order is not."""
    written(tmp_path)
    changed(
        tmp_path,
        "UPDATE records SET body = replace(body, 'r1', 'r2') WHERE sequence = 0",
        "UPDATE records SET sequence = 99 WHERE sequence = 5",
        "UPDATE records SET sequence = 5 WHERE sequence = 6",
        "UPDATE records SET sequence = 6 WHERE sequence = 99",
    )
    assert any("Record 5 was altered, moved" in fault for fault in faults(tmp_path))


def rewritten(folder: Path, change: Callable[[bytes], bytes], most: int) -> None:
    """The whole chain made anew after a change, as someone does who knows how it is made."""
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        (segment,) = database.execute("SELECT id FROM segment").fetchone()
        before = beginning(segment)
        for sequence, body in database.execute("SELECT sequence, body FROM records ORDER BY sequence").fetchall():
            if sequence > most:
                database.execute("DELETE FROM records WHERE sequence = ?", (sequence,))
                continue
            made = change(body.encode())
            before = link(before, sequence, made)
            database.execute(
                "UPDATE records SET body = ?, hash = ? WHERE sequence = ?", (made.decode(), before, sequence)
            )


def test_a_chain_made_anew_lacks_the_signature(tmp_path: Path) -> None:
    """Who can compute hashes cannot sign."""
    written(tmp_path)
    rewritten(tmp_path, lambda body: body.replace(b"rep-7", b"rep-8"), 20)
    assert any("not the one for which a checkpoint" in fault for fault in faults(tmp_path))


def test_a_checkpoint_kept_elsewhere_finds_what_the_keys_holder_did(tmp_path: Path) -> None:
    """Who has the key, too, can make a trail that agrees with itself, but not with what was noted before."""
    written(tmp_path)
    segment = Segment(tmp_path)
    kept = segment.newest()
    segment.close()
    assert kept is not None
    assert Checkpoint.read(kept.line()) == kept
    rewritten(tmp_path, lambda body: body, 12)
    changed(tmp_path, "DELETE FROM checkpoints WHERE sequence > 12")
    assert faults(tmp_path) == ()
    assert any("missing at the end" in fault for fault in faults(tmp_path, kept))


def test_a_trail_signed_with_another_key_is_found(tmp_path: Path) -> None:
    """An auditor who knows the public key does not take it from the file."""
    written(tmp_path / "a")
    written(tmp_path / "b")
    public = Signer(tmp_path / "a").public
    assert faults(tmp_path / "a", public=public) == ()
    assert any("was not signed" in fault for fault in faults(tmp_path / "b", public=public))


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=12), st.data())
def test_every_single_change_of_a_chain_is_found(bodies: list[bytes], data: st.DataObject) -> None:
    """Whatever one alters, drops or swaps."""
    links: list[Link] = []
    for number, body in enumerate(bodies, 1):
        links.append(Link(number, body, link(links[-1].hash if links else beginning("s"), number, body)))
    index = data.draw(st.integers(0, len(links) - 1))
    match data.draw(st.sampled_from(["alter", "drop", "swap"])):
        case "alter":
            links[index] = Link(links[index].sequence, links[index].body + b"x", links[index].hash)
        case "drop" if index < len(links) - 1:
            del links[index]
        case _ if index < len(links) - 1:
            links[index], links[index + 1] = links[index + 1], links[index]
        case _:
            links[index] = Link(links[index].sequence, links[index].body, "0" * 64)
    assert examine("s", links, (), "00").faults


def test_the_trail_is_not_written_on_after_its_end_was_changed(tmp_path: Path) -> None:
    """A server that starts on a damaged trail says so at once."""
    written(tmp_path)
    changed(tmp_path, "UPDATE records SET body = '{}' WHERE sequence = 20")
    changed(tmp_path, "DELETE FROM checkpoints WHERE sequence = 20")
    with pytest.raises(TrailDamaged):
        Segment(tmp_path)


def test_one_process_writes(tmp_path: Path) -> None:
    """A second one is told that the folder is taken."""
    segment = Segment(tmp_path)
    with pytest.raises(DataFolderBusy):
        Segment(tmp_path)
    segment.close()
    Segment(tmp_path).close()


def test_subjects_stand_under_a_key_that_can_be_cut(tmp_path: Path) -> None:
    """Erasing a person leaves the chain whole, her id nowhere in the files, and her number to nobody else."""
    segment = Segment(tmp_path)
    segment.append([disclosure(viewer="cus_canary000000000000000000000000000000000")])
    segment.append([disclosure()])
    assert len(segment.unshipped(10)[0].names) == 3
    segment.forget("cus_canary000000000000000000000000000000000")
    assert len(segment.unshipped(10)[0].names) == 2
    segment.append([disclosure(Shown((), (), ("cus_new",)))])
    assert "cus_new" not in segment.unshipped(1)[0].names.values()
    segment.close()
    assert faults(tmp_path) == ()
    assert not any(b"cus_canary" in file.read_bytes() for file in tmp_path.iterdir())


def test_a_handle_that_was_sought_is_not_written(tmp_path: Path) -> None:
    """The trail tells that two looks were for one handle, not which."""
    segment = Segment(tmp_path)
    for value in ("Jane.Canary@Example.org", "jane.canary@example.org"):
        segment.append([disclosure(Shown((), (), ()), sought=Sought("EMAIL", value, found=False))])
    first, second = (one.body["answers"][0]["sought"] for one in segment.unshipped(2))
    assert first == second
    segment.close()
    assert not any(b"canary" in file.read_bytes().lower() for file in tmp_path.iterdir())


@pytest.mark.asyncio
async def test_what_cannot_be_written_is_refused_and_then_heals(tmp_path: Path) -> None:
    """While another process holds the file's lock nothing is acknowledged; afterwards everything is as before."""
    async with Trail(tmp_path) as trail:
        await trail.record(disclosure())
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(TrailUnavailable):
                await trail.record(disclosure())
            other.execute("ROLLBACK")
        await asyncio.sleep(0.5)
        await trail.record(disclosure())
    assert faults(tmp_path) == ()
    with pytest.raises(TrailUnavailable):
        await trail.record(disclosure())


FULL = """
import asyncio, resource, signal, sys
from pathlib import Path
from auth.trail import Trail
from schema.errors import TrailUnavailable
from tests.test_trail import disclosure, Shown

async def main():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    async with Trail(Path(sys.argv[1])) as trail:
        await trail.record(disclosure())
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
        acknowledged = refused = 0
        for number in range(200):
            try:
                await trail.record(disclosure(Shown(("x" * 2000,), (), (f"cus_{number}",))))
                acknowledged += 1
            except TrailUnavailable:
                refused += 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await trail.record(disclosure())
        print(acknowledged, refused)
asyncio.run(main())
"""


def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path) -> None:
    """Every record that was acknowledged is there, in a whole chain; when there is room again, it goes on."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    acknowledged, refused = map(int, done.stdout.split())
    assert acknowledged
    assert refused
    verdict = verified(tmp_path)
    assert verdict is not None
    assert verdict.faults == ()
    assert verdict.sequence == acknowledged + 2


KILLED = """
import asyncio, sys
from pathlib import Path
from auth.trail import Trail
from tests.test_trail import disclosure

async def main():
    async with Trail(Path(sys.argv[1])) as trail:
        while True:
            await asyncio.gather(*(trail.record(disclosure()) for _ in range(10)))
            print(10, flush=True)
asyncio.run(main())
"""


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """kill -9 in the middle of writing: not one acknowledged record is lost, and the next process goes on."""
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
    ) as process:
        assert process.stdout is not None
        for _ in range(20):
            process.stdout.readline()
        process.kill()
        acknowledged = 10 * (20 + len(process.stdout.readlines()))
    Segment(tmp_path).close()
    verdict = verified(tmp_path)
    assert verdict is not None
    assert verdict.faults == ()
    assert verdict.sequence >= acknowledged
