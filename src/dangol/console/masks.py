"""What a member may see of contact data: enough to recognise it, too little to use it."""

from collections.abc import Mapping

from dangol.console.answers import Trait
from dangol.content.masks import mask_trait


def masked_traits(traits: Mapping[str, object]) -> list[Trait]:
    """Return traits in order of their names, with those that name a person masked."""
    return [
        Trait(name=name, value=mask_trait(name, value)) for name, value in sorted(traits.items())
    ]
