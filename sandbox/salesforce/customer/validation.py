"""Validation rules: every broken one is reported, each with its message and its field."""

from sandbox.salesforce.customer.rules import ValidationRule
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.formula.evaluate import Context, evaluate
from sandbox.salesforce.formula.parse import Formula
from sandbox.salesforce.write import Write


def check(write: Write) -> None:
    rules = write.core.customer.validation.get(write.shape.name, ())
    broken = [rule for rule in rules if rule.active and _breaks(write, rule)]
    errors = [
        SalesforceError(
            "FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, fields=(rule.field,) if rule.field else ()
        )
        for rule in broken
    ]
    if errors:
        raise errors[0].with_others(errors[1:])


def _breaks(write: Write, rule: ValidationRule) -> bool:
    if isinstance(rule.condition, Formula):
        return bool(evaluate(rule.condition, context_of(write)))
    return rule.condition(write.draft)


def context_of(write: Write) -> Context:
    return Context(write.core, write.user, write.shape, write.draft, write.old, write.new)
