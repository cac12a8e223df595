"""A schema with every kind of field and argument, and with fields that return wrong values."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, cast

import strawberry
from strawberry.types.field import StrawberryField

AT = datetime(2030, 1, 31, tzinfo=UTC)


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.input
class Inner:
    number: int
    colour: Colour = Colour.RED
    words: list[str] | None = strawberry.UNSET


@strawberry.input
class Outer:
    inner: Inner
    name: str | None = "someone"
    nothing: str | None = None
    others: list[Inner] | None = strawberry.UNSET
    first_at: datetime | None = strawberry.UNSET
    flag: bool | None = strawberry.UNSET


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Leaf(Named):
    number: int
    colour: Colour
    maybe: str | None
    at: datetime
    words: list[str]
    others: list[Other | None]
    next: Leaf | None

    @strawberry.field
    def shout(self, times: int = 1) -> str:
        return self.name.upper() * times

    @strawberry.field
    async def later(self) -> str:
        return self.name

    @strawberry.field
    def fails(self) -> str | None:
        raise ValueError(f"{self.name} fails")

    @strawberry.field
    def copies(self) -> list[Leaf]:
        return [leaf(name=self.name), leaf(name=self.name + "!")]

    @strawberry.field
    def sometimes_later(self) -> str:
        return cast(str, self._later()) if self.name == "b" else self.name

    async def _later(self) -> str:
        return self.name

    @strawberry.field
    async def fails_later(self) -> str:
        raise ValueError(f"{self.name} fails later")


@strawberry.type
class Other:
    other: int


@strawberry.type
class Refusal(Named):
    reason: str | None


class Refused(Exception):
    pass


class RefusalHandler:
    exception_type = Refused
    error_type = Refusal

    def handle(self, exception: Refused, *, field: StrawberryField, info: strawberry.Info) -> Any:
        return Refusal(name=info.field_name, reason=f"{exception} {field.python_name}")


Either = Annotated[Leaf | Other | Refusal, strawberry.union("Either")]


def leaf(**changes: Any) -> Leaf:
    return Leaf(
        **{
            **{"name": "a", "number": 1, "colour": Colour.RED, "maybe": None, "at": AT},
            **{"words": ["x", "y"], "others": [Other(other=1), None], "next": None},
            **changes,
        }
    )


@strawberry.type
class Query:
    plain: str = "plain"

    @strawberry.field
    def good(self) -> Leaf:
        return leaf(maybe="there", next=leaf(name="b"))

    @strawberry.field
    async def good_later(self) -> Leaf | None:
        return leaf(next=leaf(colour=Colour.BLUE))

    @strawberry.field
    def leaves(self) -> list[Leaf]:
        return [leaf(name=name) for name in "abc"]

    @strawberry.field
    def some_are_wrong(self) -> list[Leaf | None]:
        return [leaf(), leaf(number="many"), None, leaf(next=leaf(name=None)), leaf(words=[None])]

    @strawberry.field
    def tuple_of_leaves(self) -> list[Leaf]:
        return (leaf(), leaf(name="b"))  # type: ignore[return-value]

    @strawberry.field
    def no_list(self) -> list[Leaf] | None:
        return 5  # type: ignore[return-value]

    @strawberry.field
    def either(self, other: bool = False) -> Either:
        return Other(other=2) if other else leaf()

    @strawberry.field
    def all_kinds(self) -> list[Either]:
        return [leaf(), Other(other=1), Refusal(name="no", reason=None)]

    @strawberry.field
    def named(self) -> list[Named]:
        return [leaf(), Refusal(name="no", reason="none")]

    @strawberry.field
    def not_of_the_union(self) -> Either | None:
        return Query()  # type: ignore[return-value]

    @strawberry.field
    async def refused(self, raising: bool = True) -> Either:
        if raising:
            raise Refused("because")
        return leaf()

    @strawberry.field
    def refused_now(self) -> Either:
        raise Refused("now")

    @strawberry.field
    def null_where_none_may_be(self) -> Leaf | None:
        return leaf(name=None)

    @strawberry.field
    def too_large_a_number(self) -> Leaf | None:
        return leaf(number=2**40)

    @strawberry.field
    def no_such_colour(self) -> Leaf | None:
        return leaf(colour="green")

    @strawberry.field
    def an_exception(self) -> Leaf | None:
        return leaf(name=ValueError("as a value"), next=KeyError("too"))

    @strawberry.field
    def missing(self) -> Leaf | None:
        broken = leaf()
        del broken.name
        return broken

    @strawberry.field
    def echo(
        self,
        info: strawberry.Info,
        outer: Outer | None = strawberry.UNSET,
        many: list[Inner] | None = strawberry.UNSET,
        colours: list[list[Colour | None]] | None = strawberry.UNSET,
        id: strawberry.ID | None = None,
        how_often: float = 1.5,
    ) -> str:
        return repr((info.field_name, outer, many, colours, id, how_often))


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def change(self, outer: Outer) -> Either:
        if outer.name == "nobody":
            raise Refused(outer.name)
        return leaf(name=repr(outer))


def schema() -> strawberry.Schema:
    return strawberry.Schema(
        query=Query, mutation=Mutation, types=[Other], exception_handlers=[RefusalHandler()]
    )
