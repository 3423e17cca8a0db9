"""A mutant put in place of the code that runs, in memory: whoever has imported the function calls the other code now."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType


def swap(module: ModuleType, source: str) -> None:
    """Give every function of the module the code that it has in the source. There is no way back: do it in a fork."""
    codes = dict(_codes(compile(source, module.__file__ or "", "exec", dont_inherit=True)))
    for function in _functions(module):
        function.__code__ = codes[function.__qualname__]


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner.co_qualname, inner
            yield from _codes(inner)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    owners = [vars(module), *(vars(value) for value in vars(module).values() if isinstance(value, type))]
    for owner in owners:
        for value in owner.values():
            function = value.fget if isinstance(value, property) else value
            if isinstance(function, FunctionType) and function.__code__.co_filename == module.__file__:
                yield function
