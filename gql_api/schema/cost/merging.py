"""GraphQL's rule that fields of one response name can be merged, with a smaller budget.

The rule compares fields and fragments in pairs. graphql-core stops it after 500,000 units of work,
which take two seconds.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    OverlappingFieldsCanBeMergedRule,
    SelectionSetNode,
    ValidationContext,
    specified_rules,
)
from graphql.validation.validate import ValidationAbortedError

from gql_api.schema.cost import limits


class BoundedMergingRule(OverlappingFieldsCanBeMergedRule):
    """Rejects the document as too complex when the budget is used up."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = limits.COMPARISONS

    def enter_selection_set(
        self, selection_set: SelectionSetNode, key: Any, parent: Any, *args: Any
    ) -> None:
        """Compare the fields of a selection set.

        Raises:
            ValidationAbortedError: it has more to compare than the budget allows.
        """
        try:
            super().enter_selection_set(selection_set, key, parent, *args)
        except ValidationAbortedError as error:
            if self.rule_context.remaining_complexity_budget >= 0:
                raise  # The document has too many errors.
            refusal = limits.too_complex("comparisons of fields", None, limits.COMPARISONS)
            raise ValidationAbortedError(refusal.message, extensions=refusal.extensions) from error


RULES = tuple(
    BoundedMergingRule if rule is OverlappingFieldsCanBeMergedRule else rule
    for rule in specified_rules
)
"""GraphQL's rules, as in `graphql.specified_rules`."""
