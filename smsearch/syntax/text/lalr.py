"""Reads a text along tables that were worked out of the grammar: a contextual lexer, and an LALR(1) parser over it.

At each place the lexer tries the terminals that may stand there, in the order of the tables. The parser shifts tokens
and reduces rules; of each rule a method of the builder makes a value of its parts. It knows neither grammar nor query.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Self

from smsearch.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

END: Final = "$END"
"""What stands behind a text, as the tables call it."""


@frozen
class Rule:
    """A rule of the grammar, one of the ways that it may be spelled.

    Attributes:
        origin: What it is called in the tables.
        size: How many parts it has.
        method: The method of the builder that makes its value; `""` of a repetition, whose value is the list of its
            parts, taken over by the rule that it stands in.
        is_passed_on: Whether a single part is its value, and the method is not called.
        included: The parts that the method is given: the place of each, whether it is a repetition, and how many None
            stand before it, for optional parts that are missing.
        missing: How many None stand behind.
    """

    origin: str
    size: int
    method: str
    is_passed_on: bool
    included: Sequence[tuple[int, bool, int]]
    missing: int


@frozen
class ParserTables:
    """A grammar as an LALR(1) parser takes it.

    Attributes:
        terminals: The regular expression of each terminal.
        letters: The letter with which each word of the language begins, in small; a lexer need not try the others.
        ignored: The terminals that stand between tokens.
        lexers: Lists of terminals, in the order in which they are tried.
        lexer_of: For each state which of those lists the lexer tries.
        actions: For each state what is done at a terminal, and after a rule: go to a state, or reduce the rule -1 - n.
        rules: The rules.
        start: The state at the beginning of a text.
        end: The state after the whole text.
    """

    terminals: Mapping[str, str]
    letters: Mapping[str, str]
    ignored: Sequence[str]
    lexers: Sequence[Sequence[str]]
    lexer_of: Sequence[int]
    actions: Sequence[Mapping[str, int]]
    rules: Sequence[Rule]
    start: int
    end: int


class Token(str):
    """A piece of the text.

    Attributes:
        type: The terminal that it is.
        start_pos: Its offset.
    """

    __slots__ = ("start_pos", "type")

    type: str
    start_pos: int

    def __new__(cls, text: str, type: str, start_pos: int) -> Self:  # noqa: A002 - what the builder reads
        """Makes a token of the text between blanks."""
        token = super().__new__(cls, text)
        token.type = type
        token.start_pos = start_pos
        return token


class UnexpectedTextError(Exception):
    """A text that the grammar does not have.

    Attributes:
        at: The offset at which it cannot be read on.
        accepted: The terminals that could have stood there, given everything before.
    """

    def __init__(self, at: int, accepted: set[str]) -> None:
        super().__init__(at)
        self.at = at
        self.accepted = accepted


class Parser:
    """Reads texts along tables.

    Args:
        tables: The grammar.
        builder: Has a method for each rule, which is given the rule's parts: tokens, and what other methods made.
    """

    def __init__(self, tables: ParserTables, builder: object) -> None:
        self._tables = tables
        self._methods: list[Callable[..., Any] | None] = [getattr(builder, rule.method, None) for rule in tables.rules]
        self._matchers: dict[str, Callable[[str, int], re.Match[str] | None]] = {}

    def parse(self, text: str) -> Any:  # noqa: ANN401 - what the builder makes of the whole
        """What the builder makes of a text.

        Raises:
            UnexpectedTextError: The grammar does not have it.
        """
        states, values = [self._tables.start], list[Any]()
        at = 0
        while states[-1] != self._tables.end:
            token = self._token(text, at, states)
            if self._reduce(states, values, token.type):
                raise UnexpectedTextError(token.start_pos, self._accepted(states))
            if states[-1] != self._tables.end:
                states.append(self._tables.actions[states[-1]][token.type])
                values.append(token)
                at = token.start_pos + len(token)
        return values[-1]

    def _token(self, text: str, at: int, states: Sequence[int]) -> Token:
        """The next token, of those that may stand in a state.

        Raises:
            UnexpectedTextError: There is none.
        """
        letters = self._tables.letters
        terminals = self._tables.lexers[self._tables.lexer_of[states[-1]]]
        while at < len(text):
            letter = text[at].casefold()
            for terminal in terminals:
                if letters.get(terminal, letter) != letter:
                    continue
                match = self._matcher(terminal)(text, at)
                if match is not None:
                    break
            else:
                raise UnexpectedTextError(at, self._accepted(states))
            if terminal not in self._tables.ignored:
                return Token(match[0], terminal, at)
            at = match.end()
        return Token("", END, len(text))

    def _matcher(self, terminal: str) -> Callable[[str, int], re.Match[str] | None]:
        """Matches a terminal at an offset; its expression is compiled when it is first tried."""
        if terminal not in self._matchers:
            self._matchers[terminal] = re.compile(self._tables.terminals[terminal]).match
        return self._matchers[terminal]

    def _reduce(self, states: list[int], values: list[Any], terminal: str) -> bool:
        """Reduces the rules that end before a terminal; returns whether it cannot stand there."""
        actions, rules = self._tables.actions, self._tables.rules
        while (action := actions[states[-1]].get(terminal)) is not None and action < 0:
            rule = rules[-1 - action]
            height = len(values) - rule.size
            value = self._value(-1 - action, values[height:])
            del states[height + 1 :], values[height:]
            states.append(actions[states[-1]][rule.origin])
            values.append(value)
            if terminal == END and states[-1] == self._tables.end:
                return False
        return action is None

    def _value(self, number: int, parts: list[Any]) -> Any:  # noqa: ANN401
        """What the builder makes of the parts of a rule."""
        rule, method = self._tables.rules[number], self._methods[number]
        arguments: list[Any] = []
        for place, is_repetition, missing in rule.included:
            arguments += [None] * missing
            if not is_repetition:
                arguments.append(parts[place])
            elif arguments:
                arguments += parts[place]
            else:
                arguments = parts[place]  # nobody else has the list, and long ones are not copied at each step
        arguments += [None] * rule.missing
        if rule.is_passed_on and len(arguments) == 1:
            return arguments[0]
        return arguments if method is None else method(*arguments)

    def _accepted(self, states: Sequence[int]) -> set[str]:
        """The terminals that may follow."""
        actions, rules = self._tables.actions, self._tables.rules
        accepted = set()
        for terminal in actions[states[-1]].keys() & {*self._tables.terminals, END}:
            after = list(states)
            while (
                (action := actions[after[-1]].get(terminal)) is not None
                and action < 0
                and after[-1] != self._tables.end
            ):
                rule = rules[-1 - action]
                del after[len(after) - rule.size :]
                after.append(actions[after[-1]][rule.origin])
            if action is not None or after[-1] == self._tables.end:
                accepted.add(terminal)
        return accepted
