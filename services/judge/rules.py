"""Facts that a prompt states beyond doubt, read off its words, for where a plan misses them.

Each rule would rather say nothing than something wrong: a fact that the user did not ask for makes a good picture fail.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from promptlift.contracts import MAX_FACTS, MAX_PROMPT_CHARACTERS, Fact, FactKind
from services.judge.opinion import NoOpinion
from services.judge.words import FUNCTION_WORDS, VOCABULARY, words

NUMBERS: dict[str, int] = VOCABULARY["numbers"]
COLOURS = "|".join(VOCABULARY["colours"])
IRREGULAR = "|".join(VOCABULARY["irregular_plurals"])
UNITS = frozenset(VOCABULARY["units"])
RELATIONS: dict[str, dict[str, list[str]]] = VOCABULARY["relations"]
"""How each relation is spelled, and words by any of which a plan may imply it."""
STOPS = FUNCTION_WORDS | set(VOCABULARY["phrase_ends"])
NOT_EXCLUDED = STOPS | set(VOCABULARY["not_excluded"])

QUOTED = re.compile(
    r"\"([^\"]{1,300})\"|“([^”]{1,300})”|«([^»]{1,300})»"
    r"|(?<!\w)['\u2018]((?:[^'\u2019]|['\u2019](?=\w)){1,100})['\u2019](?!\w)"
)
WRITTEN = re.compile(
    r"\b(?:say(?:s|ing)?|read(?:s|ing)?|writ(?:es?|ing|ten)|text|words?|sign|label(?:led|ed)?|titled?|caption(?:ed)?|"
    r"letter(?:s|ing)?|spell(?:s|ed|ing)?|logo|banner|inscri\w+|engraved|printed)\b",
    re.IGNORECASE,
)
COUNTED = re.compile(
    rf"(?<!than )(?<!least )(?<!most )(?<!up to )\b(?P<number>{'|'.join(NUMBERS)}|[2-9]|1[0-9]|20) "
    rf"(?P<thing>(?:[a-z]+ ){{0,2}}?(?:[a-z]+[^s\W]s|{IRREGULAR}))\b"
)
COLOURED = re.compile(rf"\b(?P<colour>{COLOURS}) (?P<thing>[a-z]+)")
CLAUSE_END = re.compile(r"[.,;:]")
EXCLUDED = re.compile(r"\b(?:without(?: any| an?)?|no) (?P<thing>[a-z]+)")


def completed(prompt: str, facts: Sequence[Fact]) -> list[Fact]:
    """Add the facts that the rules find and the plan misses, after those of the plan.

    Raises:
        NoOpinion: that makes too many to judge.
    """
    complete = list(facts)
    for found in stated(prompt):
        if not any(_covers(fact, found) for fact in complete):
            parents = [fact.id for fact in facts if fact.kind == "entity" and _same_thing(fact, found)]
            complete.append(found.model_copy(update={"id": len(complete) + 1, "parents": tuple(parents[:1])}))
    if len(complete) > MAX_FACTS:
        raise NoOpinion("too_large", f"the prompt holds {len(complete)} facts; at most {MAX_FACTS} are judged")
    return complete


def stated(prompt: str) -> Iterator[Fact]:
    """Read off a prompt which texts, exclusions, counts, colours and relations it states."""
    if WRITTEN.search(prompt):
        yield from _texts(prompt)
    plain = " ".join(QUOTED.sub(" , ", prompt).lower().split())
    yield from _exclusions(plain)
    plain = EXCLUDED.sub(" , ", plain)
    yield from _counts(plain)
    yield from _colours(plain)
    yield from _relations(plain)


def _texts(prompt: str) -> Iterator[Fact]:
    for quoted in QUOTED.finditer(prompt):
        text = next(group for group in quoted.groups() if group)
        yield _fact("text", f"What is written; does it say: {text}", "writing", expected_text=text)


def _exclusions(plain: str) -> Iterator[Fact]:
    for excluded in EXCLUDED.finditer(plain):
        if excluded["thing"] not in NOT_EXCLUDED:
            yield _fact("absence", f"Is there any {excluded['thing']}?", excluded["thing"])


def _counts(plain: str) -> Iterator[Fact]:
    for counted in COUNTED.finditer(plain):
        number, thing = counted["number"], counted["thing"]
        if not UNITS.intersection(thing.split()):
            expected = NUMBERS.get(number) or int(number)
            yield _fact("count", f"How many {thing} are there; are there {number}?", thing, expected_count=expected)


def _colours(plain: str) -> Iterator[Fact]:
    for coloured in COLOURED.finditer(plain):
        colour, thing = coloured["colour"], coloured["thing"]
        if thing not in STOPS:
            yield _fact("colour", f"Is the {thing} {colour}?", thing, value=colour)


def _relations(plain: str) -> Iterator[Fact]:
    for relation, known in RELATIONS.items():
        for stands in re.finditer(rf"\b(?:{'|'.join(known['spelled'])})\b", plain):
            before = CLAUSE_END.split(plain[: stands.start()])[-1]
            after = CLAUSE_END.split(plain[stands.end() :], maxsplit=1)[0]
            subject, thing = _phrase(before.split()[::-1])[::-1], _phrase(after.split())
            if subject and thing:
                named, other = " ".join(subject), " ".join(thing)
                yield _fact(
                    "relation", f"Is the {named} {relation} the {other}?", named, relation=relation, object=other
                )


def _phrase(ahead: Sequence[str]) -> list[str]:
    """Take the words up to the first that no noun phrase holds; one that comes before it begins is skipped."""
    told = list(itertools.dropwhile(STOPS.__contains__, ahead))
    return list(itertools.takewhile(lambda word: word not in STOPS, told))[:3]


def _fact(kind: FactKind, question: str, subject: str, **said: Any) -> Fact:
    return Fact(id=1, kind=kind, question=question[:MAX_PROMPT_CHARACTERS], subject=subject, **said)


def _covers(planned: Fact, found: Fact) -> bool:
    """Tell whether a planned fact says, perhaps in other words, what a rule found."""
    match found.kind:
        case "count":
            same = planned.kind == "count" and _same_thing(planned, found)  # "three cats; two cats are asleep"
            return same or planned.expected_count == found.expected_count
        case "text":
            return words(planned.expected_text or "") == words(found.expected_text or "")
        case "absence":
            return planned.kind == "absence" and found.subject in _said(planned)
        case "relation":
            return not _said(planned).isdisjoint(RELATIONS[found.relation or ""]["implied_by"])
    return (found.value or "").replace("gray", "grey") in _said(planned)


def _said(fact: Fact) -> set[str]:
    told = (fact.question, fact.subject, fact.value, fact.relation, fact.object)
    return set(words(" ".join(filter(None, told)).replace("gray", "grey")))


def _same_thing(planned: Fact, found: Fact) -> bool:
    """Tell whether two facts are about things of one name, singular or plural."""
    one, other = _name(planned), _name(found)
    return one == other != ""


def _name(fact: Fact) -> str:
    return "".join(words(fact.subject)[-1:]).rstrip("s")
