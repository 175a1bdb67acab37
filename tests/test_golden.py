"""The golden questions: what each role's question becomes is agreed, and changes only when somebody agrees to it."""

from collections import Counter

import pytest

from tests.golden_cases import GOLDEN, ROLES, SDL, Compiled, Question, Refused, by_name, compiled, questions

FEWEST_QUESTIONS = 30
FEWEST_FOR_A_ROLE = 12


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("question", questions(), ids=by_name)
def test_a_question_becomes_what_was_agreed(question: Question, role: str, agree: bool) -> None:
    """Statement for statement and message for message; a role without an agreed file fails."""
    made = compiled(question, role)
    ending = {Compiled: "cypher", Refused: "refused"}
    file = question.folder / f"{role}.{ending[type(made)]}"
    if agree:
        for other in ending.values():
            (question.folder / f"{role}.{other}").unlink(missing_ok=True)
        file.write_text(made.written(), encoding="utf-8")
    assert file.exists(), f"{file.relative_to(GOLDEN)} is not agreed yet: make agree, and read the difference."
    assert made.written() == file.read_text(encoding="utf-8")


def test_there_is_no_file_too_many_and_none_is_empty() -> None:
    """Each folder holds its question, why it is asked, and one agreed file a role."""
    expected = {
        GOLDEN / "policy-matrix.txt",
        GOLDEN / "contact-reasons.txt",
        GOLDEN / "audience-of-a-campaign.txt",
        *(SDL / f"{role}.graphql" for role in ROLES),
    }
    for question in questions():
        expected |= {question.folder / name for name in ("query.graphql", "why.md", "ceilings.json")}
        expected |= {question.folder / "variables.json"} if question.variables else set()
        for role in ROLES:
            found = [
                file for ending in ("cypher", "refused") if (file := question.folder / f"{role}.{ending}").exists()
            ]
            assert len(found) == 1, f"{question.name} needs one agreed file for {role}, and has {len(found)}."
            expected.add(found[0])
    assert {file for file in GOLDEN.rglob("*") if file.is_file()} == expected
    assert [file for file in expected if not file.read_text(encoding="utf-8").strip()] == []


def test_there_are_enough_questions_for_everyone() -> None:
    """A role for which everything is refused would be agreed to easily."""
    answered = Counter(
        role for question in questions() for role in ROLES if isinstance(compiled(question, role), Compiled)
    )
    assert len(questions()) >= FEWEST_QUESTIONS
    assert {role: answered[role] for role in ROLES if answered[role] < FEWEST_FOR_A_ROLE} == {}


def test_a_question_asked_again_has_the_same_text() -> None:
    """To the byte, with its parameters filled from the same places: Neo4j plans each text once."""
    for question in questions():
        for role in ROLES:
            made = compiled(question, role)
            if isinstance(made, Compiled):
                again = compiled(question, role)
                assert isinstance(again, Compiled)
                assert again.written() == made.written()
