"""The reference page of the configuration is what the models say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from commands.config import Config
from scripts.configuration import PAGE, page


def test_the_page_is_that_of_the_models():
    assert PAGE.read_text() == page(), "run `make reference`"


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model that a type holds, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation)
    for inner in get_args(annotation):
        yield from models(inner)


@pytest.mark.parametrize("model", [*dict.fromkeys(models(Config))], ids=lambda model: model.__name__)
def test_every_model_says_what_it_is_and_all_its_keys_are_there(model: type[BaseModel]):
    assert model.__doc__
    assert model.__doc__ != BaseModel.__doc__
    text = page()
    for name, field in model.model_fields.items():
        assert f"| `{field.alias or name}` |" in text


def test_no_default_is_shown_as_python_has_it():
    assert Mapping.__name__ not in page()
    assert "mappingproxy" not in page()
    assert "Undefined" not in page()
