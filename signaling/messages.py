"""What peers say to each other in order to connect, as it is relayed: opaque but for its kind and its size."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

SDP_BYTES = 16 * 1024
CANDIDATE_BYTES = 1024
# Of one side in one generation.
MOST_CANDIDATES = 100
# In one message, which has to fit into a frame.
MOST_AT_ONCE = 50


def _bounded(most_bytes: int) -> AfterValidator:
    def check(text: str) -> str:
        if len(text.encode(errors="replace")) > most_bytes:
            raise ValueError(f"At most {most_bytes} bytes of UTF-8.")
        return text

    return AfterValidator(check)


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Description(_Shape):
    """A session description, as `RTCPeerConnection` gives and takes it."""

    type: Literal["offer", "answer"]
    sdp: Annotated[str, Field(min_length=1), _bounded(SDP_BYTES)]


class Candidate(_Shape):
    """An ICE candidate, as `RTCIceCandidate.toJSON()` gives it."""

    candidate: Annotated[str, _bounded(CANDIDATE_BYTES)]
    sdpMid: Annotated[str, Field(max_length=64)] | None = None  # noqa: N815 - WebRTC's name
    sdpMLineIndex: Annotated[int, Field(ge=0, le=255)] | None = None  # noqa: N815 - WebRTC's name
    usernameFragment: Annotated[str, Field(max_length=256)] | None = None  # noqa: N815 - WebRTC's name


class Relayed(_Shape):
    """One thing that one peer says to one other. `n` counts what it has said to that one, from 1."""

    sender: str
    generation: int
    n: int = 0
    description: Description | None = None
    candidates: tuple[Candidate, ...] = ()
    end_of_candidates: bool = False
