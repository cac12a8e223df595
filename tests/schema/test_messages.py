import time

import pytest

from gql_api.schema.messages import without_suggestions, without_values


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            "Variable '$a' has invalid value at .b: Expected value of type 'C' to be an object,"
            " found: 'x, found: y'.",
            "Variable '$a' has invalid value at .b: Expected value of type 'C' to be an object.",
        ),
        (
            "Expected value of type 'C' not to include unknown field 'bb'. Did you mean 'b'?"
            " Found: {'bb': 'x'}.",
            "Expected value of type 'C' not to include unknown field 'bb'. Did you mean 'b'?",
        ),
        (
            "Expected value of type 'C', but encountered error 'x; found'; found: 'x'.",
            "Expected value of type 'C'.",
        ),
        (
            "Int cannot represent non-integer value: 'x\ny: z'",
            "Int cannot represent non-integer value.",
        ),
        (
            "Int cannot represent non 32-bit signed integer value: 99",
            "Int cannot represent non 32-bit signed integer value.",
        ),
        (
            "String cannot represent a non string value: {}",
            "String cannot represent a non string value.",
        ),
        ("ID cannot represent value: []", "ID cannot represent value."),
        (
            "ID cannot represent a non-string and non-integer value: []",
            "ID cannot represent a non-string and non-integer value.",
        ),
        (
            "Enum 'C' cannot represent non-string value: 1. Did you mean the enum value 'ONE'?",
            "Enum 'C' cannot represent non-string value.",
        ),
        (
            "Value 'x' does not exist in 'D' enum.' does not exist in 'C' enum. Did you mean 'X'?",
            "The value does not exist in 'C' enum. Did you mean 'X'?",
        ),
        (
            "Syntax Error: Expected Name, found String 'x' 'y'.",
            "Syntax Error: Expected Name, found String.",
        ),
        (
            "Syntax Error: Expected Name, found String 'x, found: y? Found: z'.",
            "Syntax Error: Expected Name, found String.",
        ),
        ("Syntax Error: Unexpected Name 'qurey'.", "Syntax Error: Unexpected Name 'qurey'."),
        ("Cannot query field 'found' on type 'Query'.",) * 2,
    ],
)
def test_values_are_cut_and_names_stay(message: str, shown: str) -> None:
    assert without_values(message) == shown


@pytest.mark.parametrize(
    "text", ["Value '", " cannot represent ", "String '", "' does not exist in 'C", "Found: ", "'"]
)
def test_long_values_are_cut_in_linear_time(text: str) -> None:
    """A syntax error in a document with 350 KB of `Value '` took 20 s of CPU time."""
    values = (f"{text * 50_000}", f"Value '{text * 50_000}")
    began = time.process_time()
    for value in values:
        cut = without_values(f"Syntax Error: Expected Name, found String '{value}'.")
        assert cut == "Syntax Error: Expected Name, found String."
        cut = without_values(f"Variable '$a' has invalid value: Value '{value}' is wrong.")
        assert cut.startswith("Variable '$a' has invalid value: ")
    assert time.process_time() - began < 2


def test_suggestions() -> None:
    assert without_suggestions("No 'b'. Did you mean 'a' or 'c'? x") == "No 'b'. x"
