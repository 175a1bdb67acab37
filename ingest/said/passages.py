"""The customer's own words in a text, as sentences and clauses: neither what is quoted nor what a footer says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.normalise import folded
from ingest.said.lexicon import Lexicon, Marks

_QUOTED_LINE = re.compile(r"^\s*(>|\|)")
# How mail programs begin the message that is answered or passed on.
_QUOTE_BEGINS = re.compile(
    r"^\s*(-{2,}\s*(original|forwarded|urspr|message|mensaje|wiadomo|messaggio|oorspronk)"
    r"|_{8,}|(on|am|le|el|w dniu|il|op)\b.{4,120}"
    r"\b(wrote|schrieb|a écrit|escribió|napisał\(?a?\)?|ha scritto|schreef)\b.*:\s*$"
    r"|(from|von|de|od|da|van)\s*:\s.*@)",
    re.IGNORECASE,
)
# What companies write under what they send.
_FOOTER = re.compile(
    r"(click|klick|cliqu|haga clic|kliknij|clicca|klik)\w*\s.{0,30}"
    r"(unsubscribe|abmeld|abbestell|désinscri|désabonn|baja|wypis|disiscri|uitschrij|afmeld|here|hier|ici|aqu|tutaj|qui)"
    r"|(unsubscribe|opt[ -]?out|abmelden|abbestellen|désinscription|se désabonner|darse de baja|wypisz się|disiscriviti"
    r"|uitschrijven)\s*(here|hier|ici|aquí|tutaj|qui|:|\||»|>|https?:)"
    r"|you (are receiving|receive|received) this (e-?mail|message|newsletter)"
    r"|sie erhalten diese(n|s)? (e-?mail|nachricht|newsletter)"
    r"|vous recevez (ce|cet|cette) (e-?mail|message|courriel|lettre)"
    r"|(recibe|ha recibido) este (correo|mensaje|boletín)|otrzymujesz tę wiadomość"
    r"|ricevi questa (mail|e-mail)|u ontvangt deze (e-?mail|nieuwsbrief)"
    r"|view (this|it) in (your )?browser|im browser (ansehen|anzeigen)|manage (your )?preferences|privacy policy\s*\||https?://\S*unsub",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…;])\s+|\n+|\s+[-–—]+\s+|:\s+|\s\|\s")
_CLAUSE_ENDS = re.compile(
    r"[,()]|\s(?:but|however|aber|jedoch|sondern|mais|pero|sino|ale|lecz|ma|però|maar)\s", re.IGNORECASE
)
_SHORT_FORMS = (
    (re.compile(r"\b(ca|wo|sha)n[’'`]?t\b", re.IGNORECASE), "cannot"),
    (re.compile(r"n[’'`]t\b", re.IGNORECASE), " not"),
    (re.compile(r"\b(do|does|did|is|are|was|has|have|would)nt\b", re.IGNORECASE), r"\1 not"),
    (re.compile(r"\bw/"), "with "),
    (re.compile(r"\bw/o\b"), "without"),
    (
        re.compile(r"\b(art|no|nr|kd|st|dr|mr|mrs|ms|tel|acct|approx|incl|bzw|ggf|evtl|sr|sra|pt|d)\.", re.IGNORECASE),
        r"\1",
    ),
    (re.compile(r"\be[- ]?mail", re.IGNORECASE), "email"),
    (re.compile(r"\b(z|d)\.\s?(b|h)\.", re.IGNORECASE), ""),
)
_NAME = re.compile(r"\b[^\W\d_a-zà-ÿ][\w'’-]+(?: [^\W\d_a-zà-ÿ][\w'’-]+){1,3}")
_SHORTEST_QUOTE = 12
_IN_QUOTES = re.compile(rf"[“„«\"]([^”“»\"]{{{_SHORTEST_QUOTE},200}})[”“»\"]")


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two commas, folded, with what each means. `denial_follows`: the language may deny afterwards."""

    words: tuple[str, ...]
    marks: tuple[Marks, ...]
    denial_follows: bool = False

    def has(self, *meanings: str) -> bool:
        """Whether a word means one of these."""
        return any(meaning in mark for mark in self.marks for meaning in meanings)

    def at(self, *meanings: str) -> list[int]:
        """Where the words stand that mean one of these."""
        return [place for place, mark in enumerate(self.marks) if not mark.isdisjoint(meanings)]

    def near(self, one: tuple[str, ...], other: tuple[str, ...], reach: int) -> bool:
        """Whether words of two meanings stand within so many words, whichever comes first."""
        return any(a != b and abs(a - b) <= reach for a in self.at(*one) for b in self.at(*other))

    def before(self, one: tuple[str, ...], other: tuple[str, ...], reach: int) -> bool:
        """Whether a word of the first meaning stands so many words before one of the other, or less."""
        return any(0 < b - a <= reach for a in self.at(*one) for b in self.at(*other))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as written, its clauses, and all of it as one. `names` are what is written like a person's."""

    text: str
    clauses: tuple[Clause, ...]
    whole: Clause
    names: tuple[str, ...]
    asks: bool


_POSTSCRIPT = re.compile(r"^\s*p\.?\s?s\b", re.IGNORECASE)
_CLOSES = re.compile(
    r"^\s*(((kind|best|warm|many)\s+)?(regards|wishes)|yours|sincerely|cheers"
    r"|(mit\s+)?(freundlichen|besten|vielen|herzlichen|lieben|viele|beste|liebe)\s+gr(ü|ue)(ß|ss)en?|mfg|hochachtungsvoll"
    r"|(bien\s+)?cordialement|salutations|bien à vous|(un|saludos)\s*(cordial(es)?\s*)?saludo|saludos|atentamente"
    r"|pozdrawiam|z poważaniem|(cordiali|distinti)\s+saluti|saluti|(met\s+)?vriendelijke\s+groet(en)?|groet(en|jes)?)"
    r"\s*[,!.]?\s*$",
    re.IGNORECASE,
)
_MOST_WORDS_OF_A_NAME = 6


def own_lines(text: str) -> Iterator[str]:
    """The lines that the writer wrote: neither what is quoted or in a footer, nor the name below."""
    closed = False
    for line in text.splitlines():
        closed = closed or bool(_CLOSES.match(line))
        if closed and len(line.split()) <= _MOST_WORDS_OF_A_NAME and not _POSTSCRIPT.match(line):
            continue
        if _QUOTE_BEGINS.match(line):
            return
        if not _QUOTED_LINE.match(line) and not _FOOTER.search(line):
            yield _IN_QUOTES.sub(" ", line)


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of the writer's own lines. A line that ends within a sentence goes on in the next."""
    joined = re.sub(r"(?<=[\w,])\n(?=[a-zà-ÿ])", " ", "\n".join(own_lines(text)))
    return tuple(part.strip() for part in _SENTENCE_ENDS.split(joined) if part.strip())


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded, short forms written out."""
    for pattern, instead in _SHORT_FORMS:
        text = pattern.sub(instead, text)
    return tuple(folded(text).replace("?", " ").split())


def sentence(text: str, lexicon: Lexicon) -> Sentence:
    """A sentence with what its words mean."""
    plain = text
    for pattern, instead in _SHORT_FORMS:
        plain = pattern.sub(instead, plain)
    names = tuple(found[0] for found in _NAME.finditer(text))
    named = frozenset(word for name in names for word in words_of(name))

    def clause(words: tuple[str, ...]) -> Clause:
        return Clause(words, lexicon.marked(words, named), lexicon.in_parts)

    clauses = tuple(clause(words) for part in _CLAUSE_ENDS.split(plain) if (words := words_of(part)))
    return Sentence(text, clauses, clause(words_of(plain)), names, text.rstrip(' )"”»').endswith("?"))
