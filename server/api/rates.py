"""How often: the limits that rows share."""

from server.operation import HOUR, MINUTE, SECOND, per_address, per_field, per_person

# What changes something, what moves a mark, what searches: by person, on all devices.
WRITING = (per_person(60, MINUTE),)
MARKING = (per_person(50, 5 * SECOND),)
SEARCHING = (per_person(30, MINUTE),)
# What anybody may search, letter by letter as it is typed.
FINDING = (per_address(300, MINUTE),)
# What a thief of a device could try passwords by; what has letters written to anybody; what takes links.
GUESSING = (per_person(5, MINUTE),)
WRITING_TO = (per_address(20, HOUR), per_field("email", 3, HOUR))
REDEEMING = (per_address(30, HOUR),)
