"""Callers' answers put to two worlds that a viewer cannot tell apart: only a right answer may tell them apart.

What is told of a visible customer is whether the answer is what that world holds; of a hidden one what is told of one
who is not there; a wrong answer gives the same bytes in both worlds, also where nothing is on file.
"""

from datetime import date
from typing import Any

from graph.session import Database
from schema.errors import NotThere
from schema.model import MODEL
from tests.proof import asking
from tests.proof.rounds import prepare
from tests.proof.scene import Scene, scene, targets
from tests.proof.worlds import Entity, World, store

VERIFY = """mutation ($i: VerifyCallerInput!) { m: verifyCaller(input: $i) { customer fact matched } }"""
WRONG = {"BIRTH_DATE": "1801-01-01", "EMAIL": "nobody@z.example"}
"""Answers that are right in no world."""
FORGET = "MATCH (n:CallerAnswers) DELETE n"


async def fault_of_verifying(database: Database, seed: int, name: str, purpose: str) -> str:
    """What is wrong with the verifying of a round; empty where nothing is."""
    drawn = prepare(seed, name, purpose, 0, 1)
    answers: list[list[bytes]] = []
    for world in drawn.worlds:
        await store(database, world)
        await database.write(FORGET)
        at = scene(drawn, database)
        told: list[bytes] = []
        for target in targets(drawn, "Customer"):
            for fact, wrong in WRONG.items():
                told.append(asking.body(result := await _asked(at, target, fact, wrong)))
                if fault := _fault(at, result, target, matched=False):
                    return f"{fact}, a wrong answer: {fault}"
                for answer in _right(world, target, fact):
                    result = await _asked(at, target, fact, answer)
                    if fault := _fault(at, result, target, matched=True):
                        return f"{fact}, a right answer: {fault}"
            await database.write(FORGET)
        answers.append(told)
    return "" if answers[0] == answers[1] else "the worlds differ"


async def _asked(at: Scene, customer: str, fact: str, answer: str) -> Any:
    return await at.run(VERIFY, {"i": {"customer": customer, "fact": fact, "answer": answer}})


def _fault(at: Scene, result: Any, target: str, *, matched: bool) -> str:
    visible = target in at.drawn.seen.nodes and at.drawn.seen.nodes[target].type == "Customer"
    made = (result.data or {}).get("m")
    if visible:
        return "" if made is not None and made["matched"] is matched else f"{made} {result.errors}"
    codes = [(error.extensions or {}).get("code") for error in result.errors or ()]
    return "" if made is None and codes == [NotThere.code] else f"a hidden customer was told apart: {made} {codes}"


def _right(world: World, target: str, fact: str) -> list[str]:
    """The right answers in a world; a hidden customer has some, too."""
    customer = world.entities.get(target)
    if customer is None or customer.type != "Customer":
        return []
    if fact == "BIRTH_DATE":
        born = customer.values.get("birthDate")
        return [born.isoformat()] if isinstance(born, date) else []
    held = world.follow(customer, MODEL["Customer"].edges["identities"])
    return sorted({str(one.values["normalized"]) for one in held if _is_mailbox(one)})


def _is_mailbox(one: Entity) -> bool:
    values = one.values
    return values["kind"] == "EMAIL" and not values["blocked"] and "@" in str(values["normalized"])
