"""Who fits whom."""

from handlers import matches
from server.operation import Operation, get

ROWS: tuple[Operation, ...] = (Operation(matches.list_matches, http=get("/matches/"), event="match:list"),)
