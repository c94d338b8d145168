"""What the user may say of a file, and how it is said where the file is read."""

from __future__ import annotations

from dataclasses import dataclass

from geo.i18n.message import Message


@dataclass(frozen=True, slots=True)
class Question:
    """What the user may say of a file: a system and a layer, and how each is said where the file is read.

    `option` stands before the code of a system in what is offered: '--crs ' on the command line, 'crs=' in the API,
    nothing on a page, where the code alone goes into the field.
    """

    crs: str | None = None
    layer: str | None = None
    option: str = "--crs "
    layer_option: str = "--layer "

    @classmethod
    def at_page(cls, crs: str = "", layer: str = "") -> Question:
        """Of a page, with a field for each of them."""
        return cls(crs.strip() or None, layer.strip() or None, option="", layer_option="")

    def for_layer(self, name: str) -> str | Message:
        """How a layer is chosen where the file is read."""
        if not self.layer_option:
            return Message("importing.layer-in-field", name=name)
        return f"{self.layer_option}'{name}'" if self.layer_option.endswith(" ") else f"{self.layer_option}{name}"
