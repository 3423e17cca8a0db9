"""What is done to the policy's code, one thing at a time: a condition turned round, a part of it or a branch left out.

A mutant is text, so that it can be read as a diff: bytes of the source and what stands there instead.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Done = Literal["turned round", "left out"]

NOTHING_YIELDED = "yield from ()"
"""In place of a statement: the function stays a generator."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """``code`` in the function ``within`` (dotted, as ``Span.holds``) at ``line``, and the whole file ``source`` without it."""

    line: int
    within: str
    code: str
    done: Done
    source: str


@dataclass(frozen=True, slots=True)
class _Swap:
    """``first`` to ``last`` are replaced by the words, in which ``{}`` is what stands there."""

    first: ast.stmt | ast.expr
    last: ast.stmt | ast.expr
    words: str
    done: Done


def mutants(source: str) -> Iterator[Mutant]:
    """Of a module, function by function."""
    data, starts = source.encode(), [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    seen: set[bytes] = set()
    for within, function in _functions(ast.parse(source)):
        for swap in _swaps(function):
            begin = starts[swap.first.lineno - 1] + swap.first.col_offset
            end = starts[(swap.last.end_lineno or 0) - 1] + (swap.last.end_col_offset or 0)
            code = data[begin:end].decode()
            mutated = data[:begin] + swap.words.replace("{}", code).encode() + data[end:]
            if mutated in seen:
                continue
            seen.add(mutated)
            yield Mutant(swap.first.lineno, within, " ".join(code.split()), swap.done, mutated.decode())


def _functions(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{name}", method) for name, method in _functions(node))


def _swaps(function: ast.FunctionDef) -> Iterator[_Swap]:
    nothing = NOTHING_YIELDED if any(_yields(node) for node in ast.walk(function)) else "pass"
    for node in ast.walk(function):
        for condition in _conditions(node):
            yield _Swap(condition, condition, "(not ({}))", "turned round")
        for part, neutral in _parts(node):
            yield _Swap(part, part, neutral, "left out")
        for branch in _branches(node):
            yield _Swap(branch[0], branch[-1], nothing, "left out")


def _conditions(node: ast.AST) -> Iterator[ast.expr]:
    """Where something is decided: each condition, and each answer that is one."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield node.test
    if isinstance(node, ast.Return | ast.Lambda | ast.GeneratorExp):
        answer = (
            node.elt
            if isinstance(node, ast.GeneratorExp)
            else node.value
            if isinstance(node, ast.Return)
            else node.body
        )
        if isinstance(answer, ast.Compare | ast.UnaryOp):
            yield answer
    if isinstance(node, ast.comprehension):
        yield from node.ifs
    if isinstance(node, ast.BoolOp):
        yield from node.values


def _parts(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Parts of a condition, with what leaves the others to decide."""
    if isinstance(node, ast.BoolOp):
        yield from ((part, "True" if isinstance(node.op, ast.And) else "False") for part in node.values)
    if isinstance(node, ast.comprehension):
        yield from ((part, "True") for part in node.ifs)


def _branches(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Statements without which something is not done: bodies of conditions, and what refuses, checks or yields."""
    if isinstance(node, ast.If):
        yield node.body
    if isinstance(node, ast.If) and node.orelse and not isinstance(node.orelse[0], ast.If):
        yield node.orelse
    if isinstance(node, ast.For):
        yield node.body
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and _acts(node.value)):
        yield [node]


def _acts(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) or _yields(value)


def _yields(node: ast.AST) -> bool:
    return isinstance(node, ast.Yield | ast.YieldFrom)
