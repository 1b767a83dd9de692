"""Benchmarks: what SkillNet costs, as ratios to what others cost in the same interleaved run.

Nothing here is a test; `python -m tests.bench` says what there is to run.
"""
