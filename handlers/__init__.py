"""What SkillNet does: one coroutine for each thing that people can ask. Knows no transport.

Imports store and signaling, never server; no domain module imports another.
"""
