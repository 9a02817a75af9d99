"""Rewrites a bound predicate into one that holds for the same records and is easier to compile.

`Not` moves inwards, over `And` and `Or` (De Morgan), so that it stands only before a condition or before the elements
of a list. Then a compiler meets all conditions on one column side by side and can join them: NOT (a = 1 OR a = 2)
becomes a != 1 AND a != 2, whose codes are the complement of one range. This module knows no column and no record.
"""

from __future__ import annotations

from smsearch.predicate.predicate import Always, And, AnyElement, Never, Not, Or, Predicate, all_of, any_of, negation


def rewrite(predicate: Predicate) -> Predicate:
    """The same predicate with `Not` only before a `Match`, a `PairMatch` or an `AnyElement`."""
    match predicate:
        case And(terms) | Or(terms):
            rewritten = [rewrite(term) for term in terms]
            if rewritten == list(terms):
                return predicate
            return all_of(rewritten) if isinstance(predicate, And) else any_of(rewritten)
        case Not(And(terms)):
            return any_of([rewrite(negation(term)) for term in terms])
        case Not(Or(terms)):
            return all_of([rewrite(negation(term)) for term in terms])
        case Not(Always() | Never() | Not() as term):
            return rewrite(negation(term))
        case Not(AnyElement(container, term)):
            return Not(AnyElement(container, rewrite(term)))
        case AnyElement(container, term):
            return AnyElement(container, rewrite(term))
        case _:
            return predicate
