"""What every frame is made of: strict models and the field types they share."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints


class Wire(BaseModel):
    """A value on the wire: no coercion, nothing unknown, never changed after it was made, never quoted in an error."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


Ref = Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""Made by the client, unique a command: the reply carries it, and a retry with the same one gets the first reply."""

ClientMessageId = Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class Command(Wire):
    """Answered by exactly one reply that carries the same `ref`."""

    ref: Ref


MAX_TEXT = 4000

Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Address = Annotated[str, StringConstraints(min_length=3, max_length=254)]
TopicName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z]+(:[1-9][0-9]{0,8}(:(staff|l[1-3]))?)?$")]
Id = Annotated[int, Field(ge=1, lt=2**31)]
Seq = Annotated[int, Field(ge=0, lt=2**31)]
Instant = Annotated[datetime, AwareDatetime]
