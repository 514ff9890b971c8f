"""One thing that the user's words fix."""

from dataclasses import dataclass

from promptlift.contracts import Kind


@dataclass(frozen=True)
class Constraint:
    """One thing that the user's words fix.

    Attributes:
        kind: what sort of thing.
        value: what is fixed, such as `red`, `3`, `Open Late`, `left`, `people`, `photograph`, `Darth Vader`, `fr`.
        of: the thing that it belongs to, in the user's word, where the rules can tell.
    """

    kind: Kind
    value: str
    of: str | None = None

    def __str__(self) -> str:
        """Say it to a language model."""
        match self.kind:
            case "text":
                return f'the text "{self.value}", letter by letter, inside double quotes'
            case "negation":
                return f"nothing of this is there: {self.value}"
            case "language":
                return f"the request is in the language {self.value}: write English, leave quoted text as it is"
            case "name":
                return f"name: {self.value}"
        return f"{self.kind}: {self.value}{f' ({self.of})' if self.of else ''}"
