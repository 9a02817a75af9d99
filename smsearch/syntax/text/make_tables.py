"""Works the tables of a grammar out with lark.

The only module that imports lark. What its tables say of states, rules and terminals is copied as plain data; none of
its code is. States are numbered as they are reached from the first one, so that equal grammars give equal tables.
"""

from __future__ import annotations

import json
import re
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from lark import Lark
from lark.grammar import Rule as LarkRule
from lark.lexer import TerminalDef

from smsearch.syntax.text.lalr import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_REDUCE: Final = 1
"""What lark calls reducing in its tables; 0 is going to a state."""


def make_tables(grammar: str) -> dict[str, Any]:
    """The tables of a grammar, as JSON-ready data with the members of `lalr.ParserTables`.

    Raises:
        ValueError: The grammar needs what `lalr.py` does not do.
    """
    lark = Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=True)
    data, memo = lark.memo_serialize([TerminalDef, LarkRule])
    automaton = data["parser"]["parser"]
    names = automaton["tokens"]
    numbers: dict[int, int] = {}
    actions, rules = [], dict[int, int]()
    (start,), (end,) = automaton["start_states"].values(), automaton["end_states"].values()
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        if state in numbers:
            continue
        numbers[state] = len(numbers)
        row = sorted((names[token], action) for token, action in automaton["states"][state].items())
        for _, (kind, target) in row:
            if kind == _REDUCE:
                rules.setdefault(target["@"], len(rules))
            else:
                waiting.append(target)
        actions.append(row)
    plain = [
        {name: -1 - rules[target["@"]] if kind == _REDUCE else numbers[target] for name, (kind, target) in row}
        for row in actions
    ]
    parser_tables = {
        **_lexers(lark, plain),
        "actions": plain,
        "rules": [_rule(memo[number]) for number in rules],
        "start": numbers[start],
        "end": numbers[end],
    }
    return dict(json.loads(json.dumps(parser_tables)))  # names are tokens of lark until here


def _lexers(lark: Lark, actions: Sequence[Mapping[str, int]]) -> dict[str, Any]:
    """The terminals, and for each state those that may stand there, in the order in which lark tries them."""
    order = sorted(
        lark.terminals,
        key=lambda one: (-one.priority, -one.pattern.max_width, -len(one.pattern.value), one.name),
    )
    expressions = {one.name: one.pattern.to_regexp() for one in order}
    _refuse_words_of_others(lark.terminals)
    ignored = list(lark.ignore_tokens)
    lexers: dict[tuple[str, ...], int] = {}
    lexer_of = []
    for row in actions:
        accepted = tuple(name for name in expressions if name in row or name in ignored)
        lexer_of.append(lexers.setdefault(accepted, len(lexers)))
    return {
        "terminals": dict(sorted(expressions.items())),
        "letters": {name: letter for name in sorted(expressions) if (letter := _letter(expressions[name]))},
        "ignored": ignored,
        "lexers": [list(names) for names in lexers],
        "lexer_of": lexer_of,
    }


def _letter(expression: str) -> str:
    """The letter, in small, with which every match begins whatever its case; `""` where several may."""
    begin = re.match(r"\(\?ai:([a-z])[a-z]*\)\(\?[!=]", expression)  # a word, and what may not or must follow
    return begin[1] if begin else ""


def _refuse_words_of_others(terminals: Collection[TerminalDef]) -> None:
    """Refuses a fixed text that another terminal matches too: lark would change the type of its tokens."""
    for word in terminals:
        if word.pattern.type == "str":
            for other in terminals:
                if other.pattern.type == "re" and re.fullmatch(other.pattern.to_regexp(), word.pattern.value):
                    raise ValueError(f"{other.name} matches {word.pattern.value!r}, which is {word.name}.")


def _rule(rule: Mapping[str, Any]) -> list[Any]:
    """A rule as `lalr.Rule` has it."""
    options, expansion, origin = rule["options"], rule["expansion"], rule["origin"]["name"]
    gaps = [len(gap) for gap in "".join("01"[empty] for empty in options["empty_indices"]).split("0")]
    gaps = gaps if options["empty_indices"] else [0] * (len(expansion) + 1)
    included = []
    missing = 0
    for place, part in enumerate(expansion):
        missing += gaps[place]
        if not part.get("filter_out"):
            is_repetition = part["__type__"] == "NonTerminal" and part["name"].startswith("_")
            included.append([place, is_repetition, missing])
            missing = 0
    members = {
        "origin": origin,
        "size": len(expansion),
        "method": "" if origin.startswith("_") else rule["alias"] or origin,
        "is_passed_on": options["expand1"] and not rule["alias"],
        "included": included,
        "missing": missing + gaps[-1],
    }
    return [members[name] for name in Rule.__match_args__]
